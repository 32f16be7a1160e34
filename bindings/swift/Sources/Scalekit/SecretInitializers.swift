// Initializers for secrets in the form that the generated ones do not take: `SecretText`, or text for machine clients.

extension ScalekitClient {
    /// Creates a client for one environment, with a `SecretText` as the client secret. Sends nothing.
    public convenience init(
        environmentUrl: String, clientId: String, clientSecret: SecretText, options: ClientOptions = ClientOptions()
    ) throws {
        try self.init(
            environmentUrl: environmentUrl, clientId: clientId, clientSecret: clientSecret.reveal(), options: options)
    }
}

extension AsyncScalekitClient {
    /// Creates a client for one environment, with a `SecretText` as the client secret. Sends nothing.
    public convenience init(
        environmentUrl: String, clientId: String, clientSecret: SecretText, options: ClientOptions = ClientOptions()
    ) throws {
        try self.init(
            environmentUrl: environmentUrl, clientId: clientId, clientSecret: clientSecret.reveal(), options: options)
    }
}

extension MachineClient {
    /// Creates a machine client, with text as the client secret. The machine client holds it as a `SecretText`.
    public init(clientId: String, clientSecret: String, scopes: [String] = [], audience: String? = nil) {
        self.init(
            clientId: clientId, clientSecret: SecretText(text: clientSecret), scopes: scopes, audience: audience)
    }
}

extension WebhookVerifier {
    /// Creates a verifier for a webhook endpoint, with signing secrets that are `SecretText`.
    public convenience init(secrets: [SecretText], toleranceSeconds: Int64 = 300) throws {
        try self.init(secrets: secrets.map { $0.reveal() }, toleranceSeconds: toleranceSeconds)
    }
}

extension InterceptorVerifier {
    /// Creates a verifier for an interceptor, with signing secrets that are `SecretText`.
    public convenience init(secrets: [SecretText], toleranceSeconds: Int64 = 300) throws {
        try self.init(secrets: secrets.map { $0.reveal() }, toleranceSeconds: toleranceSeconds)
    }
}

extension WebhookSigner {
    /// Creates a signer with a signing secret that is a `SecretText`.
    public convenience init(secret: SecretText) throws {
        try self.init(secret: secret.reveal())
    }
}
