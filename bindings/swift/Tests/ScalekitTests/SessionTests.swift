import Foundation
import Scalekit
import XCTest

/// What comes after a login: refreshes, logouts, and the tokens of machines.
final class SessionTests: XCTestCase {
    /// A session that is to be refreshed at once: its text says so.
    private func due(_ style: Style) async throws -> LoginSession {
        let text = try await style.logIn(scopes: LoginTests.refreshable).session.toText().reveal()
        var fields = try XCTUnwrap(JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)).object)
        fields["refresh_at"] = "2020-01-01T00:00:00Z"
        return try LoginSession.fromText(SecretText(text: JSONValue.object(fields).description))
    }

    func testTwinsRefreshOnce() async throws {
        try await inBothStyles { style, emulator in
            let session = try await due(style)
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
            XCTAssertEqual(late, first, "a late twin gets the same")
            let fresh = try await style.login.refreshIfNeeded(session: first)
            XCTAssertEqual(fresh, first, "nothing to do")
            XCTAssertEqual(try emulator.requests("oauth.token").count, 2, "the login, and one refresh")
            let unknown = SecretText(text: "never heard of")
            let over = try await failure { try await style.login.refresh(refreshToken: unknown) }
            XCTAssertEqual(over.name, "loginRequired")
        }
    }

    func testASessionIsWrittenDownAndReadBack() async throws {
        try await inBothStyles { style, _ in
            let session = try await style.logIn(scopes: LoginTests.refreshable).session
            let kept = try LoginSession.fromText(session.toText())
            XCTAssertEqual(kept, session)
            XCTAssertEqual(kept.accessToken, session.accessToken)
            let error = try failure { try LoginSession.fromText(SecretText(text: "[]")) }
            XCTAssertEqual(error.name, "invalidArgument")
        }
    }

    func testLoggingOut() async throws {
        try await inBothStyles { style, _ in
            let session = try await style.logIn(scopes: LoginTests.refreshable).session
            let goodbye = LogoutOptions(
                idTokenHint: session.idToken, postLogoutRedirectUri: "http://127.0.0.1:9/bye", state: "a state")
            let back = try await Browser.follow(style.login.logoutUrl(goodbye))
            XCTAssertTrue(back.hasPrefix("http://127.0.0.1:9/bye?"), back)
            XCTAssertEqual(query(back), ["state": "a state"])
            let refreshToken = try XCTUnwrap(session.refreshToken)
            let over = try await failure { try await style.login.refresh(refreshToken: refreshToken) }
            XCTAssertEqual(over.name, "loginRequired")
        }
    }

    func testMachinesHaveTokensOfTheirOwn() async throws {
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

            let stranger = MachineClient(clientId: "m2morg_1", clientSecret: SecretText(text: "wrong"))
            let refused = try await failure { try await style.machineTokens.get(stranger) }
            XCTAssertEqual(refused.name, "unauthenticated")
            let person = try await style.logIn().session.accessToken.reveal()
            let anybody = TokenExpectations(audience: .unchecked)
            let noMachine = try await failure { try await style.tokens.validateMachine(token: person, anybody) }
            XCTAssertEqual([noMachine.name, noMachine.failure.code], ["invalidToken", "wrong_token_type"])
        }
    }
}
