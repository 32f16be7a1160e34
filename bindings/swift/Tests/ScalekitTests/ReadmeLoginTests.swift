import Foundation
import Scalekit
import XCTest

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// README.md's code on logins, tokens and webhooks, word for word. `ReadmeTests` searches this file as well.
final class ReadmeLoginTests: XCTestCase {
    private let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    func testLoginAndTokenValidation() async throws {
        let emulator = try Emulator.strict()
        let (client, clientId) = (try emulator.asyncClient(), emulator.clientId)
        let started = try client.login.start(
            LoginOptions(
                redirectUri: "http://127.0.0.1:8000/callback",
                scopes: ["openid", "profile", "email", "offline_access"],
                returnTo: "/reports"))  // a path in your application; any other URL is rejected
        let savedTransaction = started.transaction.toText()  // store it in the user's session on your server
        print("redirect the browser to", started.authorizationUrl)

        let callback = try await Browser.follow(started.authorizationUrl)
        var session: LoginSession! = nil
        do {
            let outcome = try await client.login.finish(callback: callback, transaction: .fromText(savedTransaction))
            print(outcome.claims.email ?? outcome.claims.subject, "continues at", outcome.returnTo ?? "/")
            session = outcome.session
        } catch ScalekitError.loginFailed(let failure) {
            print("login failed:", failure.code ?? "")  // access_denied, state_mismatch, …
        }
        session = try await client.login.refreshIfNeeded(session: session)
        let savedSession = session.toText()  // restore it with `LoginSession.fromText(savedSession)`
        XCTAssertEqual(try LoginSession.fromText(savedSession), session)
        let logoutUrl = try client.login.logoutUrl(LogoutOptions(idTokenHint: session.idToken))
        XCTAssertTrue(logoutUrl.hasPrefix(emulator.url))

        for token in [session.accessToken.reveal(), "not a token"] {
            let expected = TokenExpectations(audience: .oneOf([clientId]))
            do {
                let claims = try await client.tokens.validate(token: token, expected)
                print(claims.subject, claims.roles, claims.hasPermission("reports:read"))
            } catch ScalekitError.tokenExpired {
                print("respond with 401: the caller must refresh the token")
            } catch ScalekitError.missingScope {
                print("respond with 403")
            } catch ScalekitError.invalidToken(let failure) {
                print("respond with 401:", failure.code ?? "")  // wrong_audience, bad_signature, …
            }
        }
    }

    func testPublicClient() throws {
        let emulator = try Emulator.strict()
        let (environmentUrl, clientId) = (emulator.url, emulator.publicClientId)
        let app = try AsyncPublicScalekitClient(environmentUrl: environmentUrl, clientId: clientId)
        let started = try app.login.start(LoginOptions(redirectUri: "com.example.notes://callback"))
        XCTAssertEqual(query(started.authorizationUrl)["redirect_uri"], "com.example.notes://callback")
    }

    func testMachineTokens() async throws {
        let emulator = try Emulator.strict()
        try emulator.control("idp/clients", [
            "client_id": "m2morg_123", "client_secret": "secret_m2m", "organization_id": "org_1", "scopes": ["reports:read"],
            "audience": ["https://api.acme.example"],
        ])
        let (client, machineSecret) = (try emulator.asyncClient(), SecretText(text: "secret_m2m"))
        var request = URLRequest(url: try XCTUnwrap(URL(string: "https://api.acme.example")))
        let machine = MachineClient(
            clientId: "m2morg_123", clientSecret: machineSecret, scopes: ["reports:read"], audience: "https://api.acme.example")
        let token = try await client.machineTokens.get(machine)
        request.setValue("Bearer \(token.accessToken.reveal())", forHTTPHeaderField: "authorization")
        XCTAssertEqual(request.value(forHTTPHeaderField: "authorization")?.hasPrefix("Bearer eyJ"), true)
    }

    func testWebhooks() throws {
        let verifier = try WebhookVerifier(secrets: [secret])

        /// Returns the status code of the response.
        func receive(_ headers: [String: String], _ body: Data) throws -> Int {
            do {
                let event = try verifier.event(headers: headers, body: body)
                switch event.data {
                case .organizationCreated(let organization): print("created", organization.displayName)
                case .unknown(let type, _): print("unknown event type", type)
                default: break
                }
                return 204
            } catch ScalekitError.invalidWebhook(let failure) {
                print("rejected:", failure.code ?? "")
                return 401
            }
        }

        let json = #"{"id": "evt_1", "type": "organization.created", "data": {"id": "org_1", "display_name": "Acme"}}"#
        let body = Data(json.utf8)
        let headers = try WebhookSigner(secret: secret).sign(id: "msg_1", body: body)
        print(try receive(headers, body) == 204)
        XCTAssertEqual(try receive(headers, body), 204)
        XCTAssertEqual(try receive(headers, body + Data(" ".utf8)), 401)
    }

    func testInterceptors() throws {
        let interceptor = try InterceptorVerifier(secrets: [secret])

        func decide(_ headers: [String: String], _ body: Data) throws -> InterceptorResponse {
            let request = try interceptor.request(headers: headers, body: body)
            switch request.triggerPoint {
            case .preSignup where request.context.userEmail?.hasSuffix("@acme.example") != true:
                return .deny(reason: "Only Acme accounts can sign up.")
            case .preSessionCreation: return try .allowWithClaims(["plan": "enterprise"])
            default: return .allow
            }
        }

        let signer = try WebhookSigner(secret: secret)
        for (point, email, decision) in [
            ("PRE_SIGNUP", "g@acme.example", "ALLOW"), ("PRE_SIGNUP", "m@evil.example", "DENY"),
            ("PRE_SESSION_CREATION", "", "ALLOW"),
        ] {
            let json: JSONValue = ["trigger_point": .string(point), "interceptor_context": ["user_email": .string(email)]]
            let body = Data(json.description.utf8)
            let response = try decide(signer.signInterceptor(id: "int_1", body: body), body)
            let sent = try JSONDecoder().decode(JSONValue.self, from: Data(response.body.utf8))
            XCTAssertEqual(sent["decision"]?.string, decision)
        }
    }
}
