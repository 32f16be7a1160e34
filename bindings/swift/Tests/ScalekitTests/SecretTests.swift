import Foundation
import Scalekit
import XCTest

final class SecretTests: XCTestCase {
    private static let canary = "canary-of-swift"

    private func assertRedacted(_ value: Any, line: UInt = #line) {
        XCTAssertFalse(printed(value).contains(Self.canary), printed(value), line: line)
    }

    func testSecretIsRedactedAndComparesByContent() {
        let secret = SecretText(text: Self.canary)
        XCTAssertEqual("\(secret)", "SecretText(..)")
        XCTAssertEqual(secret.reveal(), Self.canary)
        XCTAssertEqual(secret, SecretText(text: Self.canary))
        XCTAssertNotEqual(secret, SecretText(text: "another"))
        assertRedacted(secret)
    }

    func testRecordsRedactTheirSecrets() throws {
        let emulator = try Emulator.strict()
        try emulator.seed(["organizations": [["id": "org_1", "display_name": "A", "connections": [[
            "id": "conn_1", "type": "OIDC", "oidc_config": ["client_secret": .string(Self.canary)],
        ]]]]])
        let connection = try emulator.client().connections.get(organizationId: "org_1", connectionId: "conn_1")
        XCTAssertEqual(connection.oidcConfig?.clientSecret?.reveal(), Self.canary)
        XCTAssertTrue("\(connection)".contains("SecretText(..)"))
        assertRedacted(connection)
        try emulator.fault(["operation": "connections.get", "kind": "answer", "body": ["connection": [
            "id": "c", "static_config": ["static_config": ["key": .string(Self.canary)]],
        ]]])
        let other = try emulator.client().connections.get(organizationId: "org_1", connectionId: "c")
        XCTAssertEqual(other.staticConfig?.staticConfig?.reveal()["key"]?.string, Self.canary)
        XCTAssertTrue("\(other)".contains("SecretJson(..)"))
        assertRedacted(other)
    }

    func testOptionsAndClientsRedactTheirSecrets() throws {
        let secret = SecretText(text: Self.canary)
        let options = ClientOptions(
            headers: ["x-gateway-key": Self.canary], proxyUrl: "http://127.0.0.1:1", proxyUsername: "me",
            proxyPassword: secret)
        assertRedacted(options)
        XCTAssertTrue("\(options)".contains("x-gateway-key"), "\(options)")
        assertRedacted(CallOptions(headers: ["x-gateway-key": Self.canary]))
        let url = "https://example.scalekit.com"
        let client = try ScalekitClient(environmentUrl: url, clientId: "a", clientSecret: Self.canary, options: options)
        assertRedacted(client)
        assertRedacted(client.organizations)
        assertRedacted(try AsyncScalekitClient(environmentUrl: url, clientId: "a", clientSecret: Self.canary))
        let invalid = ClientOptions(clientCertificatePem: secret)
        assertRedacted(try failure { try ScalekitClient(environmentUrl: url, clientId: "a", clientSecret: "b", options: invalid) })
        let user = "https://\(Self.canary)@example.scalekit.com"
        assertRedacted(try failure { try ScalekitClient(environmentUrl: user, clientId: "a", clientSecret: "b") })
    }

    func testLoginsAndSessionsRedactTheirSecrets() async throws {
        try await inBothStyles { style, emulator in
            let started = try style.start(scopes: LoginTests.refreshable)
            let text = started.transaction.toText()
            let fields = try JSONDecoder().decode(JSONValue.self, from: Data(text.reveal().utf8)).object ?? [:]
            let secrets = try ["state", "code_verifier"].map { try XCTUnwrap(fields[$0]?.string, $0) }
            // Checked separately: after the login, the claims contain the nonce as well.
            let nonce = try XCTUnwrap(fields["nonce"]?.string)
            XCTAssertFalse((printed(started.transaction) + printed(text)).contains(nonce))
            let callback = try await Browser.follow(started.authorizationUrl)
            let code = try XCTUnwrap(query(callback)["code"])
            let outcome = try await style.login.finish(callback: callback, transaction: started.transaction)
            let session = outcome.session
            let tokens = [session.accessToken, session.refreshToken, session.idToken].compactMap { $0?.reveal() }
            XCTAssertEqual(tokens.count, 3)
            let repeated = try await failure { try await style.login.finish(callback: callback, transaction: started.transaction) }
            let usedCode = try await failure {
                try await style.login.exchangeCode(CodeExchange(code: SecretText(text: code), redirectUri: LoginTests.callback))
            }
            let wrongAudience = TokenExpectations(audience: .oneOf(["https://other.example"]))
            let rejected = try await failure { try await style.tokens.validate(token: tokens[0], wrongAudience) }
            let notJson = SecretText(text: tokens[0])
            let values: [Any] = [
                started.transaction, text, outcome, session, session.toText(), style.login, style.tokens,
                IdTokenExpectations(nonce: SecretText(text: code), accessToken: session.accessToken),
                LogoutOptions(idTokenHint: session.idToken), repeated, usedCode, rejected,
                CodeExchange(code: SecretText(text: code), redirectUri: "a", codeVerifier: SecretText(text: secrets[1])),
                try failure { try LoginSession.fromText(notJson) },
                try failure { try LoginTransaction.fromText(notJson) },
            ]
            for value in values {
                for secret in secrets + tokens + [code] {
                    XCTAssertFalse(printed(value).contains(secret), printed(value))
                }
            }
            // The authorization URL contains state and nonce, since it is for the browser, but not the code verifier.
            XCTAssertFalse(printed(started).contains(secrets[1]))
            let pkce = try generatePkce()
            XCTAssertFalse(printed(pkce).contains(pkce.codeVerifier.reveal()))
        }
    }

    func testMachineTokensAndWebhookVerifiersRedactTheirSecrets() async throws {
        let secret = "whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnk"
        let bad = try failure { try WebhookVerifier(secrets: ["\(secret)***"]) }
        let values: [Any] = [
            try WebhookVerifier(secrets: [secret]), try InterceptorVerifier(secrets: [secret]),
            try WebhookSigner(secret: secret), bad,
        ]
        for value in values { XCTAssertFalse(printed(value).contains("Y2FuYXJ5"), printed(value)) }
        try await inBothStyles { style, emulator in
            let machine = MachineClient(clientId: "skc_unknown", clientSecret: SecretText(text: Self.canary))
            assertRedacted(machine)
            assertRedacted(try await failure { try await style.machineTokens.get(machine) })
            let own = MachineClient(clientId: emulator.clientId, clientSecret: SecretText(text: emulator.clientSecret))
            let token = try await style.machineTokens.get(own)
            XCTAssertFalse(printed(token).contains(token.accessToken.reveal()))
        }
    }

    func testClientsAcceptTheirSecretAsTextOrSecretText() async throws {
        let emulator = try Emulator.strict()
        try emulator.seed(["organizations": [["id": "org_1", "display_name": "A"]]])
        let (url, id, secret) = (emulator.url, emulator.clientId, SecretText(text: emulator.clientSecret))
        let blocking = try ScalekitClient(environmentUrl: url, clientId: id, clientSecret: secret)
        XCTAssertEqual(try blocking.organizations.get(id: "org_1").id, "org_1")
        let options = ClientOptions(timeoutSeconds: 5)
        let async = try AsyncScalekitClient(environmentUrl: url, clientId: id, clientSecret: secret, options: options)
        let organization = try await async.organizations.get(id: "org_1")
        XCTAssertEqual(organization.id, "org_1")
        XCTAssertFalse(printed(blocking).contains(emulator.clientSecret))
        let machine = MachineClient(clientId: id, clientSecret: emulator.clientSecret)
        XCTAssertEqual(machine.clientSecret, secret)
        XCTAssertFalse(printed(machine).contains(emulator.clientSecret))
        _ = try await async.machineTokens.get(machine)
        let empty = try failure {
            try ScalekitClient(environmentUrl: url, clientId: id, clientSecret: SecretText(text: " "))
        }
        XCTAssertEqual(empty.failure.summary, "`clientSecret` must not be empty")
    }

    func testVerifiersAndSignersAcceptSecretsAsTextOrSecretText() throws {
        let (text, body) = ("whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnk", Data("{}".utf8))
        let secret = SecretText(text: text)
        let verifiers = [try WebhookVerifier(secrets: [text]), try WebhookVerifier(secrets: [secret])]
        let interceptors = [try InterceptorVerifier(secrets: [text]), try InterceptorVerifier(secrets: [secret])]
        for signer in [try WebhookSigner(secret: text), try WebhookSigner(secret: secret)] {
            let webhook = signer.sign(id: "msg_1", body: body)
            let request = signer.signInterceptor(id: "req_1", body: body)
            for verifier in verifiers {
                XCTAssertEqual(try verifier.verify(headers: webhook, body: body).id, "msg_1")
            }
            for verifier in interceptors {
                XCTAssertEqual(try verifier.verify(headers: request, body: body).id, "req_1")
            }
        }
        let bad = try failure { try WebhookVerifier(secrets: [SecretText(text: "\(text)***")]) }
        XCTAssertFalse(printed(bad).contains("Y2FuYXJ5"), printed(bad))
        let late = try failure { try InterceptorVerifier(secrets: [secret], toleranceSeconds: 0) }
        XCTAssertEqual(late.failure.summary, "`toleranceSeconds` must be 1 to 86400")
    }

    func testTraceLogsContainNoSecret() throws {
        let output = try outputWithoutSecrets(arguments: [])
        for expected in ["DEBUG", "second logger installed: false", "handler installed: false"] {
            XCTAssertTrue(output.contains(expected), "\(expected) is missing in: \(output)")
        }
        XCTAssertFalse(output.contains("event:"), output)
    }

    func testEventsOfALogHandlerContainNoSecret() throws {
        let output = try outputWithoutSecrets(arguments: ["handler"])
        let lines = output.split(separator: "\n")
        let events = lines.filter { $0.hasPrefix("event:") }
        for operation in ["oauth.token", "connections.get", "organizations.get", "login.exchange_code"] {
            XCTAssertTrue(events.contains { $0.contains("operation=\(operation) ") }, "\(operation) is missing in: \(output)")
        }
        XCTAssertTrue(output.contains("handler installed: true"), output)
    }

    /// Runs a separate program that prints and logs as much as possible, at level `trace`, and returns its output.
    private func outputWithoutSecrets(arguments: [String]) throws -> String {
        let emulator = try Emulator.strict()
        try emulator.seed(["organizations": [["id": "org_1", "display_name": "A", "connections": [[
            "id": "conn_1", "type": "OIDC", "oidc_config": ["client_secret": .string(Self.canary)],
        ]]]]])
        let (status, output) = try Program("LogProgram", [
            "SCALEKIT_ENVIRONMENT_URL": emulator.url, "SCALEKIT_CLIENT_ID": emulator.clientId,
            "SCALEKIT_CLIENT_SECRET": emulator.clientSecret, "CANARY": Self.canary,
        ], arguments: arguments).finish()
        XCTAssertEqual(status, 0, output)
        for expected in ["organizations.get", "404", "bearer:"] {
            XCTAssertTrue(output.contains(expected), "\(expected) is missing in: \(output)")
        }
        let line = try XCTUnwrap(output.split(separator: "\n").first { $0.hasPrefix("bearer:") })
        let bearer = String(line.dropFirst("bearer:".count))
        XCTAssertGreaterThan(bearer.count, 20)
        let rest = output.replacingOccurrences(of: line, with: "")
        for secret in [emulator.clientSecret, Self.canary, bearer, "eyJ"] {
            XCTAssertFalse(rest.contains(secret), "\(secret) is in: \(rest)")
        }
        return output
    }
}
