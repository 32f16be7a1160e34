import Foundation
import Scalekit
import XCTest

final class SecretTests: XCTestCase {
    private static let canary = "canary-of-swift"

    private func assertSecret(_ value: Any, line: UInt = #line) {
        XCTAssertFalse(printed(value).contains(Self.canary), printed(value), line: line)
    }

    func testASecretPrintsItselfAndIsEqualByItsText() {
        let secret = SecretText(text: Self.canary)
        XCTAssertEqual("\(secret)", "SecretText(..)")
        XCTAssertEqual(secret.reveal(), Self.canary)
        XCTAssertEqual(secret, SecretText(text: Self.canary))
        XCTAssertNotEqual(secret, SecretText(text: "another"))
        assertSecret(secret)
    }

    func testRecordsDoNotPrintTheirSecrets() throws {
        let emulator = try Emulator()
        try emulator.seed(["organizations": [["id": "org_1", "display_name": "A", "connections": [[
            "id": "conn_1", "type": "OIDC", "oidc_config": ["client_secret": .string(Self.canary)],
        ]]]]])
        let connection = try emulator.client().connections.get(organizationId: "org_1", connectionId: "conn_1")
        XCTAssertEqual(connection.oidcConfig?.clientSecret?.reveal(), Self.canary)
        XCTAssertTrue("\(connection)".contains("SecretText(..)"))
        assertSecret(connection)
        try emulator.fault(["operation": "connections.get", "kind": "answer", "body": ["connection": [
            "id": "c", "static_config": ["static_config": ["key": .string(Self.canary)]],
        ]]])
        let other = try emulator.client().connections.get(organizationId: "org_1", connectionId: "c")
        XCTAssertEqual(other.staticConfig?.staticConfig?.reveal()["key"]?.string, Self.canary)
        XCTAssertTrue("\(other)".contains("SecretJson(..)"))
        assertSecret(other)
    }

    func testOptionsAndClientsDoNotPrintTheirs() throws {
        let secret = SecretText(text: Self.canary)
        let options = ClientOptions(
            headers: ["x-gateway-key": Self.canary], proxyUrl: "http://127.0.0.1:1", proxyUsername: "me",
            proxyPassword: secret)
        assertSecret(options)
        XCTAssertTrue("\(options)".contains("x-gateway-key"), "\(options)")
        assertSecret(CallOptions(headers: ["x-gateway-key": Self.canary]))
        let url = "https://example.scalekit.com"
        let client = try ScalekitClient(environmentUrl: url, clientId: "a", clientSecret: Self.canary, options: options)
        assertSecret(client)
        assertSecret(client.organizations)
        assertSecret(try AsyncScalekitClient(environmentUrl: url, clientId: "a", clientSecret: Self.canary))
        let refused = ClientOptions(clientCertificatePem: secret)
        assertSecret(try failure { try ScalekitClient(environmentUrl: url, clientId: "a", clientSecret: "b", options: refused) })
        let user = "https://\(Self.canary)@example.scalekit.com"
        assertSecret(try failure { try ScalekitClient(environmentUrl: user, clientId: "a", clientSecret: "b") })
    }

    func testLoginsDoNotPrintWhatTheyHold() async throws {
        try await inBothStyles { style, emulator in
            let started = try style.start(scopes: LoginTests.refreshable)
            let kept = started.transaction.toText()
            let fields = try JSONDecoder().decode(JSONValue.self, from: Data(kept.reveal().utf8)).object ?? [:]
            let made = try ["state", "code_verifier"].map { try XCTUnwrap(fields[$0]?.string, $0) }
            // The claims say it as well, once it is used up.
            let nonce = try XCTUnwrap(fields["nonce"]?.string)
            XCTAssertFalse((printed(started.transaction) + printed(kept)).contains(nonce))
            let callback = try await Browser.follow(started.authorizationUrl)
            let code = try XCTUnwrap(query(callback)["code"])
            let outcome = try await style.login.finish(callback: callback, transaction: started.transaction)
            let session = outcome.session
            let tokens = [session.accessToken, session.refreshToken, session.idToken].compactMap { $0?.reveal() }
            XCTAssertEqual(tokens.count, 3)
            let again = try await failure { try await style.login.finish(callback: callback, transaction: started.transaction) }
            let twice = try await failure {
                try await style.login.exchangeCode(CodeExchange(code: SecretText(text: code), redirectUri: LoginTests.callback))
            }
            let foreign = TokenExpectations(audience: .oneOf(["somebody else"]))
            let refused = try await failure { try await style.tokens.validate(token: tokens[0], foreign) }
            let notJson = SecretText(text: tokens[0])
            let things: [Any] = [
                started.transaction, kept, outcome, session, session.toText(), style.login, style.tokens,
                IdTokenExpectations(nonce: SecretText(text: code), accessToken: session.accessToken),
                LogoutOptions(idTokenHint: session.idToken), again, twice, refused,
                CodeExchange(code: SecretText(text: code), redirectUri: "a", codeVerifier: SecretText(text: made[1])),
                try failure { try LoginSession.fromText(notJson) },
                try failure { try LoginTransaction.fromText(notJson) },
            ]
            for thing in things {
                for secret in made + tokens + [code] {
                    XCTAssertFalse(printed(thing).contains(secret), printed(thing))
                }
            }
            // The authorization URL holds the state and the nonce: it is meant for the browser. The verifier stays here.
            XCTAssertFalse(printed(started).contains(made[1]))
            let pkce = try generatePkce()
            XCTAssertFalse(printed(pkce).contains(pkce.codeVerifier.reveal()))
        }
    }

    func testMachinesAndWebhooksDoNotPrintTheirs() async throws {
        let secret = "whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnk"
        let bad = try failure { try WebhookVerifier(secrets: ["\(secret)***"]) }
        let things: [Any] = [
            try WebhookVerifier(secrets: [secret]), try InterceptorVerifier(secrets: [secret]),
            try WebhookSigner(secret: secret), bad,
        ]
        for thing in things { XCTAssertFalse(printed(thing).contains("Y2FuYXJ5"), printed(thing)) }
        try await inBothStyles { style, emulator in
            let machine = MachineClient(clientId: "skc_nobody", clientSecret: SecretText(text: Self.canary))
            assertSecret(machine)
            assertSecret(try await failure { try await style.machineTokens.get(machine) })
            let own = MachineClient(clientId: emulator.clientId, clientSecret: SecretText(text: emulator.clientSecret))
            let token = try await style.machineTokens.get(own)
            XCTAssertFalse(printed(token).contains(token.accessToken.reveal()))
        }
    }

    /// A program of its own prints and logs what it can, at the finest level.
    func testNothingSecretIsLogged() throws {
        let emulator = try Emulator()
        try emulator.seed(["organizations": [["id": "org_1", "display_name": "A", "connections": [[
            "id": "conn_1", "type": "OIDC", "oidc_config": ["client_secret": .string(Self.canary)],
        ]]]]])
        let (status, output) = try Program("LogProgram", [
            "SCALEKIT_ENVIRONMENT_URL": emulator.url, "SCALEKIT_CLIENT_ID": emulator.clientId,
            "SCALEKIT_CLIENT_SECRET": emulator.clientSecret, "CANARY": Self.canary,
        ]).finish()
        XCTAssertEqual(status, 0, output)
        for expected in ["TRACE", "DEBUG", "organizations.get", "404", "bearer:", "logs twice: false"] {
            XCTAssertTrue(output.contains(expected), "\(expected) is not in: \(output)")
        }
        let line = try XCTUnwrap(output.split(separator: "\n").first { $0.hasPrefix("bearer:") })
        let bearer = String(line.dropFirst("bearer:".count))
        XCTAssertGreaterThan(bearer.count, 20)
        let rest = output.replacingOccurrences(of: line, with: "")
        for secret in [emulator.clientSecret, Self.canary, bearer, "eyJ"] {
            XCTAssertFalse(rest.contains(secret), "\(secret) is in: \(rest)")
        }
    }
}
