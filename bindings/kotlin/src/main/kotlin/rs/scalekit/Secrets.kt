@file:JvmName("Secrets")

package rs.scalekit

/**
 * Creates a client for one environment. Sends nothing.
 *
 * Like the constructor, with a [SecretText] as the client secret.
 */
@JvmName("scalekitClient")
@JvmOverloads
@Throws(ScalekitException::class)
public fun ScalekitClient(
    environmentUrl: String,
    clientId: String,
    clientSecret: SecretText,
    options: ClientOptions = ClientOptions(),
): ScalekitClient = ScalekitClient(environmentUrl, clientId, clientSecret.reveal(), options)

/**
 * Creates an async client for one environment. Sends nothing.
 *
 * Like the constructor, with a [SecretText] as the client secret.
 */
@JvmName("asyncScalekitClient")
@JvmOverloads
@Throws(ScalekitException::class)
public fun AsyncScalekitClient(
    environmentUrl: String,
    clientId: String,
    clientSecret: SecretText,
    options: ClientOptions = ClientOptions(),
): AsyncScalekitClient = AsyncScalekitClient(environmentUrl, clientId, clientSecret.reveal(), options)

/**
 * Creates a machine client.
 *
 * Like the constructor, with text as the client secret. The machine client holds it as a [SecretText].
 */
@JvmName("machineClient")
@JvmOverloads
public fun MachineClient(
    clientId: String,
    clientSecret: String,
    scopes: List<String> = emptyList(),
    audience: String? = null,
): MachineClient = MachineClient(clientId, SecretText(clientSecret), scopes, audience)

/**
 * Creates a verifier for a webhook endpoint.
 *
 * Like the constructor, with signing secrets that are [SecretText].
 */
@JvmName("webhookVerifier")
@JvmOverloads
@Throws(ScalekitException::class)
public fun WebhookVerifier(secrets: List<SecretText>, toleranceSeconds: Long = 300): WebhookVerifier =
    WebhookVerifier(secrets.map(SecretText::reveal), toleranceSeconds)

/**
 * Creates a verifier for an interceptor.
 *
 * Like the constructor, with signing secrets that are [SecretText].
 */
@JvmName("interceptorVerifier")
@JvmOverloads
@Throws(ScalekitException::class)
public fun InterceptorVerifier(secrets: List<SecretText>, toleranceSeconds: Long = 300): InterceptorVerifier =
    InterceptorVerifier(secrets.map(SecretText::reveal), toleranceSeconds)

/**
 * Creates a signer.
 *
 * Like the constructor, with a signing secret that is a [SecretText].
 */
@JvmName("webhookSigner")
@Throws(ScalekitException::class)
public fun WebhookSigner(secret: SecretText): WebhookSigner = WebhookSigner(secret.reveal())
