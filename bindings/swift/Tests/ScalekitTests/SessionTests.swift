import Foundation
import Scalekit
import XCTest

/// Session refresh, logout and machine tokens.
final class SessionTests: XCTestCase {
    /// Logs in and returns the session with a refresh time in the past, set through its serialized form.
    private func sessionWithRefreshDue(_ style: Style) async throws -> LoginSession {
        let text = try await style.logIn(scopes: LoginTests.refreshable).session.toText().reveal()
        var fields = try XCTUnwrap(JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)).object)
        fields["refresh_at"] = "2020-01-01T00:00:00Z"
        return try LoginSession.fromText(SecretText(text: JSONValue.object(fields).description))
    }

    func testConcurrentRefreshesSendOneRequest() async throws {
        try await inBothStyles { style, emulator in
            let session = try await sessionWithRefreshDue(style)
            XCTAssertTrue(session.needsRefresh)
            let refreshed = try await withThrowingTaskGroup(of: LoginSession.self) { group in
                for _ in 1...8 { group.addTask { try await style.login.refreshIfNeeded(session: session) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let first = try XCTUnwrap(refreshed.first)
            XCTAssertNotEqual(first, session)
            XCTAssertTrue(refreshed.allSatisfy { $0 == first })
            XCTAssertEqual(first.subject, session.subject)
            XCTAssertFalse(first.needsRefresh)
            let late = try await style.login.refreshIfNeeded(session: session)
            XCTAssertEqual(late, first, "a later call gets the same session")
            let fresh = try await style.login.refreshIfNeeded(session: first)
            XCTAssertEqual(fresh, first, "a fresh session is returned unchanged")
            XCTAssertEqual(try emulator.requests("oauth.token").count, 2, "one for the login and one for the refresh")
            let unknown = SecretText(text: "unknown-token")
            let ended = try await failure { try await style.login.refresh(refreshToken: unknown) }
            XCTAssertEqual(ended.name, "loginRequired")
        }
    }

    func testSessionSurvivesSerialization() async throws {
        try await inBothStyles { style, _ in
            let session = try await style.logIn(scopes: LoginTests.refreshable).session
            let restored = try LoginSession.fromText(session.toText())
            XCTAssertEqual(restored, session)
            XCTAssertEqual(restored.accessToken, session.accessToken)
            let error = try failure { try LoginSession.fromText(SecretText(text: "[]")) }
            XCTAssertEqual(error.name, "invalidArgument")
        }
    }

    func testLogoutEndsTheSessionAndRedirects() async throws {
        try await inBothStyles { style, _ in
            let session = try await style.logIn(scopes: LoginTests.refreshable).session
            let options = LogoutOptions(
                idTokenHint: session.idToken, postLogoutRedirectUri: "http://127.0.0.1:9/goodbye", state: "a state")
            let redirect = try await Browser.follow(style.login.logoutUrl(options))
            XCTAssertTrue(redirect.hasPrefix("http://127.0.0.1:9/goodbye?"), redirect)
            XCTAssertEqual(query(redirect), ["state": "a state"])
            let refreshToken = try XCTUnwrap(session.refreshToken)
            let ended = try await failure { try await style.login.refresh(refreshToken: refreshToken) }
            XCTAssertEqual(ended.name, "loginRequired")
        }
    }

    func testMachineTokensAreCachedAndValidated() async throws {
        try await inBothStyles { style, emulator in
            let api = "https://api.acme.example"
            try emulator.control("idp/clients", [
                "client_id": "m2morg_1", "client_secret": "secret_m2m", "organization_id": "org_1",
                "scopes": ["read", "write"], "audience": [.string(api)],
            ])
            let machine = MachineClient(
                clientId: "m2morg_1", clientSecret: SecretText(text: "secret_m2m"), scopes: ["read", "write"], audience: api)
            let token = try await style.machineTokens.get(machine)
            let expected = TokenExpectations(audience: .oneOf([api]), requiredScopes: ["read"])
            let claims = try await style.tokens.validateMachine(token: token.accessToken.reveal(), expected)
            XCTAssertEqual([claims.clientId, claims.organizationId], ["m2morg_1", "org_1"])
            XCTAssertEqual([claims.hasScope("write"), claims.hasScope("admin")], [true, false])
            XCTAssertGreaterThan(token.expiresAt, Date())

            let same = try await style.machineTokens.get(machine)
            XCTAssertEqual(same.accessToken, token.accessToken)
            XCTAssertEqual(try emulator.requests("oauth.token").count, 1)
            try style.machineTokens.forget(machine)
            let another = try await style.machineTokens.get(machine)
            XCTAssertNotEqual(another.accessToken, token.accessToken)
            try style.machineTokens.clear()
            _ = try await style.machineTokens.get(machine)
            XCTAssertEqual(try emulator.requests("oauth.token").count, 3)

            let wrongSecret = MachineClient(clientId: "m2morg_1", clientSecret: SecretText(text: "wrong"))
            let refused = try await failure { try await style.machineTokens.get(wrongSecret) }
            XCTAssertEqual(refused.name, "unauthenticated")
            let userToken = try await style.logIn().session.accessToken.reveal()
            let anyAudience = TokenExpectations(audience: .unchecked)
            let notMachine = try await failure { try await style.tokens.validateMachine(token: userToken, anyAudience) }
            XCTAssertEqual([notMachine.name, notMachine.failure.code], ["invalidToken", "wrong_token_type"])
        }
    }
}
