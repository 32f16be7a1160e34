import Foundation
import Scalekit
import XCTest

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// The other half of README.md's code: logins, tokens, webhooks. `ReadmeTests` looks for it here.
final class ReadmeLoginTests: XCTestCase {
    private let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    func testALoginAndACheck() async throws {
        let emulator = try Emulator()
        let (client, clientId) = (try emulator.asyncClient(), emulator.clientId)
        let started = try client.login.start(
            LoginOptions(
                redirectUri: "http://127.0.0.1:8000/callback",
                scopes: ["openid", "profile", "email", "offline_access"],
                returnTo: "/reports"))  // where your own site goes on; what leads away from it is refused
        let kept = started.transaction.toText()  // into this browser's session, on your server
        print("send the browser to", started.authorizationUrl)

        let callback = try await Browser.follow(started.authorizationUrl)
        var session: LoginSession! = nil
        do {
            let outcome = try await client.login.finish(callback: callback, transaction: .fromText(kept))
            print(outcome.claims.email ?? outcome.claims.subject, "goes on at", outcome.returnTo ?? "/")
            session = outcome.session
        } catch ScalekitError.loginFailed(let failure) {
            print("no login:", failure.code ?? "")  // access_denied, state_mismatch, …
        }
        session = try await client.login.refreshIfNeeded(session: session)
        let saved = session.toText()  // and `LoginSession.fromText(saved)` next time
        XCTAssertEqual(try LoginSession.fromText(saved), session)
        let goodbye = try client.login.logoutUrl(LogoutOptions(idTokenHint: session.idToken))
        XCTAssertTrue(goodbye.hasPrefix(emulator.url))

        for token in [session.accessToken.reveal(), "not a token"] {
            let expected = TokenExpectations(audience: .oneOf([clientId]))
            do {
                let claims = try await client.tokens.validate(token: token, expected)
                print(claims.subject, claims.roles, claims.hasPermission("reports:read"))
            } catch ScalekitError.tokenExpired {
                print("answer 401: the caller has to refresh")
            } catch ScalekitError.missingScope {
                print("answer 403")
            } catch ScalekitError.invalidToken(let failure) {
                print("answer 401:", failure.code ?? "")  // wrong_audience, bad_signature, …
            }
        }
    }

    func testAnApp() throws {
        let emulator = try Emulator()
        let (environmentUrl, clientId) = (emulator.url, emulator.publicClientId)
        let app = try AsyncPublicScalekitClient(environmentUrl: environmentUrl, clientId: clientId)
        let started = try app.login.start(LoginOptions(redirectUri: "com.example.notes://callback"))
        XCTAssertEqual(query(started.authorizationUrl)["redirect_uri"], "com.example.notes://callback")
    }

    func testMachines() async throws {
        let emulator = try Emulator()
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

        /// The status to answer with.
        func receive(_ headers: [String: String], _ body: Data) throws -> Int {
            do {
                let event = try verifier.event(headers: headers, body: body)
                switch event.data {
                case .organizationCreated(let organization): print("welcome,", organization.displayName)
                case .unknown(let type, _): print("newer than this library:", type)
                default: break
                }
                return 204
            } catch ScalekitError.invalidWebhook(let failure) {
                print("refused:", failure.code ?? "")
                return 401
            }
        }

        let sent = #"{"id": "evt_1", "type": "organization.created", "data": {"id": "org_1", "display_name": "Acme"}}"#
        let body = Data(sent.utf8)
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
            case .preSignup where request.data.user?.email?.hasSuffix("@acme.example") != true:
                return .deny(reason: "Only people of Acme.")
            case .accessTokenCreation: return try .allowWithClaims(["plan": "enterprise"])
            default: return .allow
            }
        }

        let signer = try WebhookSigner(secret: secret)
        for (point, email, decision) in [
            ("PRE_SIGNUP", "g@acme.example", "ALLOW"), ("PRE_SIGNUP", "m@evil.example", "DENY"),
            ("ACCESS_TOKEN_CREATION", "", "ALLOW"),
        ] {
            let json: JSONValue = ["trigger_point": .string(point), "data": ["user": ["id": "usr_1", "email": .string(email)]]]
            let body = Data(json.description.utf8)
            let answer = try decide(signer.signInterceptor(id: "int_1", body: body), body)
            let sent = try JSONDecoder().decode(JSONValue.self, from: Data(answer.body.utf8))
            XCTAssertEqual(sent["decision"]?.string, decision)
        }
    }
}
