import Foundation
import Scalekit
import XCTest

/// Logins from end to end, following the emulator's redirects as a browser would.
final class LoginTests: XCTestCase {
    static let callback = "http://127.0.0.1:9/callback"
    static let refreshable = ["openid", "profile", "email", "offline_access"]

    func testLoginReturnsVerifiedClaimsAndSession() async throws {
        try await inBothStyles { style, emulator in
            try emulator.control("idp/script", ["approve": [
                "email": "grace@acme.example", "given_name": "Grace", "roles": ["admin"], "external_id": "u-7",
            ]])
            let outcome = try await style.logIn(scopes: Self.refreshable, returnTo: "/settings?tab=2")
            XCTAssertEqual(outcome.claims.email, "grace@acme.example")
            XCTAssertEqual(outcome.claims.givenName, "Grace")
            XCTAssertEqual(outcome.returnTo, "/settings?tab=2")
            let session = outcome.session
            XCTAssertEqual(session.subject, outcome.claims.subject)
            XCTAssertNotNil(session.refreshToken)
            XCTAssertNotNil(session.idToken)
            XCTAssertFalse(session.needsRefresh)
            XCTAssertEqual(Set(session.scopes), Set(Self.refreshable))
            XCTAssertGreaterThan(session.expiresAt, Date())

            let token = session.accessToken.reveal()
            let claims = try await style.tokens.validate(
                token: token, TokenExpectations(audience: .oneOf([emulator.clientId])))
            XCTAssertEqual(claims.subject, outcome.claims.subject)
            XCTAssertEqual([claims.hasRole("admin"), claims.hasRole("owner"), claims.isMachine], [true, false, false])
            XCTAssertEqual(claims.externalUserId, "u-7")
            let unchecked = TokenExpectations(audience: .unchecked)
            let afterExpiry = session.expiresAt.addingTimeInterval(60)
            let expired = try await failure { try await style.tokens.validate(token: token, unchecked, at: afterExpiry) }
            XCTAssertEqual(expired.name, "tokenExpired")

            let wrongAudience = TokenExpectations(audience: .oneOf(["https://other.example"]))
            let refused = try await failure { try await style.tokens.validate(token: token, wrongAudience) }
            XCTAssertEqual([refused.name, refused.failure.code], ["invalidToken", "wrong_audience"])
            let scoped = TokenExpectations(audience: .unchecked, requiredScopes: ["reports"])
            let missing = try await failure { try await style.tokens.validate(token: token, scoped) }
            XCTAssertEqual(missing.name, "missingScope")
            XCTAssertEqual(try emulator.requests("oauth.keys").count, 1)
        }
    }

    func testLoginTransactionSurvivesSerialization() async throws {
        try await inBothStyles { style, emulator in
            let started = try style.start(returnTo: "/x")
            let text = started.transaction.toText()
            let restored = try LoginTransaction.fromText(SecretText(text: text.reveal()))
            XCTAssertEqual(restored, started.transaction)
            XCTAssertEqual(restored.returnTo, "/x")
            XCTAssertEqual(try emulator.requests("oauth.authorize").count, 0, "start sends no request")
            let callback = try await Browser.follow(started.authorizationUrl)
            let outcome = try await style.login.finish(callback: callback, transaction: restored)
            XCTAssertEqual(outcome.returnTo, "/x")
            let error = try failure { try LoginTransaction.fromText(SecretText(text: "{}")) }
            XCTAssertEqual(error.name, "invalidArgument")
            XCTAssertTrue("\(error)".contains("is not a login transaction"), "\(error)")
        }
    }

    func testInvalidRepeatedAndDeniedCallbacksAreRejected() async throws {
        try await inBothStyles { style, emulator in
            let (mine, theirs) = try (style.start(), style.start())
            let callback = try await Browser.follow(theirs.authorizationUrl)

            func refused(_ callback: String, _ started: StartedLogin) async throws -> String? {
                let error = try await failure {
                    try await style.login.finish(callback: callback, transaction: started.transaction)
                }
                XCTAssertEqual(error.name, "loginFailed")
                return error.failure.code
            }

            var codes = [try await refused(callback, mine), try await refused("\(callback)&code=x", theirs)]
            XCTAssertEqual(codes, ["state_mismatch", "malformed_callback"])
            XCTAssertEqual(try emulator.requests("oauth.token").count, 0, "the code must not be sent")
            _ = try await style.login.finish(callback: callback, transaction: theirs.transaction)
            codes = [try await refused(callback, theirs)]
            XCTAssertEqual(codes, ["transaction_used"])

            try emulator.control("idp/script", ["deny": ["error": "access_denied", "error_description": "No."]])
            codes = [try await refused(try await Browser.follow(mine.authorizationUrl), mine)]
            XCTAssertEqual(codes, ["access_denied"])
            let silent = try await failure { try await style.logIn(prompt: .nothing) }
            XCTAssertEqual(silent.name, "loginRequired")
            try emulator.control("idp/script", ["approve": [:], "id_token": ["wrong": "nonce"]])
            let replayed = try await failure { try await style.logIn() }
            XCTAssertEqual([replayed.name, replayed.failure.code], ["invalidToken", "wrong_nonce"])
            let external = try failure { try style.start(returnTo: "https://evil.example") }
            XCTAssertTrue("\(external)".hasPrefix("`returnTo` must be a path"), "\(external)")
            XCTAssertEqual([localPath(text: "/a?b=c"), localPath(text: "//evil.example")], ["/a?b=c", nil])
        }
    }

    func testLoginInitiatedByIdentityProviderCompletes() async throws {
        try await inBothStyles { style, emulator in
            try emulator.seed(["organizations": [["id": "org_7", "display_name": "Seven", "connections": [[
                "id": "conn_7", "type": "OIDC", "provider": "OKTA", "status": "COMPLETED", "enabled": true,
            ]]]]])
            let initiation = try emulator.control("idp/initiate", [
                "connection_id": "conn_7", "login_hint": "g@seven.example", "login_uri": "http://127.0.0.1:9/login",
            ])
            let location = try XCTUnwrap(initiation["location"]?.string)
            let options = LoginOptions(redirectUri: Self.callback)
            let started = try await style.login.startIdpInitiated(callback: location, options)
            XCTAssertEqual([started.claims.organizationId, started.claims.connectionId], ["org_7", "conn_7"])
            let callback = try await Browser.follow(started.authorizationUrl)
            let outcome = try await style.login.finish(callback: callback, transaction: started.transaction)
            XCTAssertEqual(outcome.claims.organizationId, "org_7")
        }
    }

    func testLoginWithCallerManagedStateAndPKCE() async throws {
        try await inBothStyles { style, emulator in
            let pkce = try generatePkce()
            XCTAssertEqual([pkce.codeChallenge.count, pkce.codeVerifier.reveal().count], [43, 43])
            let options = LoginOptions(redirectUri: Self.callback, scopes: Self.refreshable, loginHint: "g@acme.example")
            let url = try style.login.authorizationUrl(AuthorizationRequest(
                options: options, state: SecretText(text: "s-1"), nonce: SecretText(text: "n-1"),
                codeChallenge: pkce.codeChallenge))
            let callback = query(try await Browser.follow(url))
            XCTAssertEqual(callback["state"], "s-1")
            let code = SecretText(text: try XCTUnwrap(callback["code"]))
            let outcome = try await style.login.exchangeCode(CodeExchange(
                code: code, redirectUri: Self.callback, codeVerifier: pkce.codeVerifier, nonce: SecretText(text: "n-1")))
            XCTAssertEqual(outcome.claims.email, "g@acme.example")
            let repeated = try await failure {
                try await style.login.exchangeCode(CodeExchange(
                    code: code, redirectUri: Self.callback, codeVerifier: pkce.codeVerifier))
            }
            XCTAssertEqual(repeated.name, "loginFailed")
        }
    }

    func testPublicClientLogsInWithoutSecret() async throws {
        let emulator = try Emulator.strict()
        let (url, id) = (emulator.url, emulator.publicClientId)
        let blocking = try PublicScalekitClient(environmentUrl: url, clientId: id)
        let async = try AsyncPublicScalekitClient(environmentUrl: url, clientId: id)
        for style in [Style(blocking), Style(async)] {
            let outcome = try await style.logIn()
            XCTAssertEqual(outcome.claims.audience, [id], style.name)
            let bare = AuthorizationRequest(options: LoginOptions(redirectUri: Self.callback), state: SecretText(text: "s"))
            let error = try failure { try style.login.authorizationUrl(bare) }
            XCTAssertEqual("\(error)", "`codeChallenge` is needed by a client without a secret")
        }
        for request in try emulator.requests("oauth.token") {
            XCTAssertFalse("\(request["body"] ?? .null)".contains("client_secret"))
        }
        blocking.close()
        async.close()
        for style in [Style(blocking), Style(async)] {
            let closed = try await failure { try await style.login.refresh(refreshToken: SecretText(text: "a")) }
            XCTAssertEqual(closed.name, "closed", "\(style.name): \(closed)")
        }
    }
}

extension Style {
    func start(
        scopes: [String] = [], prompt: LoginPrompt? = nil, returnTo: String? = nil
    ) throws -> StartedLogin {
        try login.start(LoginOptions(
            redirectUri: LoginTests.callback, scopes: scopes, prompt: prompt, returnTo: returnTo))
    }

    func logIn(
        scopes: [String] = [], prompt: LoginPrompt? = nil, returnTo: String? = nil
    ) async throws -> LoginOutcome {
        let started = try start(scopes: scopes, prompt: prompt, returnTo: returnTo)
        let callback = try await Browser.follow(started.authorizationUrl)
        return try await login.finish(callback: callback, transaction: started.transaction)
    }
}
