import Foundation
import Scalekit
import XCTest

/// Tests the program in examples/swift/login, acting as the browser. `cargo xtask test swift` builds the program first.
final class LoginToolTests: XCTestCase {
    private func start(_ emulator: Emulator, _ arguments: [String] = []) throws -> Program {
        let environment = ["SCALEKIT_ENVIRONMENT_URL": emulator.url, "SCALEKIT_CLIENT_ID": emulator.publicClientId]
        return try Program("LoginTool", environment, arguments: ["--no-browser"] + arguments)
    }

    /// Returns the URL in the next line of output that starts with `prefix`.
    private func url(_ tool: Program, after prefix: String) throws -> String {
        String(try tool.line(prefix).dropFirst(prefix.count))
    }

    func testUserLogsInAndOut() async throws {
        let emulator = try Emulator.strict()
        try emulator.control("idp/script", ["approve": ["email": "grace@acme.example", "given_name": "Grace"]])
        let tool = try start(emulator)
        let loginUrl = try url(tool, after: "Log in at ")
        XCTAssertEqual(query(loginUrl)["code_challenge_method"], "S256")
        let callback = try await Browser.follow(loginUrl)
        XCTAssertTrue(callback.hasPrefix("http://127.0.0.1:"), callback)

        // A connection that sends nothing, and a browser that requests an icon.
        let silent = try SilentClient(of: callback)
        let icon = try await Browser.visit(XCTUnwrap(URL(string: "/favicon.ico", relativeTo: URL(string: callback))).absoluteString)
        XCTAssertEqual(icon.status, 404)
        let page = try await Browser.visit(callback)
        XCTAssertEqual(page.status, 200)
        XCTAssertEqual(page.text, "You are logged in. You can close this window.")
        XCTAssertTrue(try tool.line("  email").hasSuffix(" grace@acme.example"))
        XCTAssertTrue(try tool.line("  audience").hasSuffix(" \(emulator.publicClientId)"))
        withExtendedLifetime(silent) {}

        _ = try tool.line("Log out as well?")
        try tool.type("y")
        let logout = try await Browser.follow(url(tool, after: "Log out at "))
        XCTAssertTrue(logout.hasPrefix("\(emulator.url)/oidc/logout?"), logout)
        let idToken = try XCTUnwrap(query(logout)["id_token_hint"])
        let goodbye = try await Browser.visit(Browser.follow(logout))
        XCTAssertEqual(goodbye.text, "You are logged out. You can close this window.")

        let (status, printed) = try tool.finish()
        XCTAssertEqual(status, 0, printed)
        XCTAssertTrue(printed.hasSuffix("Logged out.\n"), printed)
        let code = try XCTUnwrap(query(callback)["code"])
        for secret in [idToken, code, "eyJ"] { XCTAssertFalse(printed.contains(secret), printed) }
        let exchange = try XCTUnwrap(emulator.requests("oauth.token").first?["body"])
        XCTAssertNil(exchange["client_secret"])
    }

    func testUserStaysLoggedIn() async throws {
        let emulator = try Emulator.strict()
        let tool = try start(emulator)
        let callback = try await Browser.follow(url(tool, after: "Log in at "))
        _ = try await Browser.visit(callback)
        _ = try tool.line("Log out as well?")
        try tool.type("n")
        let (status, printed) = try tool.finish()
        XCTAssertEqual(status, 0, printed)
        XCTAssertEqual(try emulator.requests("oauth.logout").count, 0)
    }

    private func assertRefused(_ tool: Program, _ callback: String, _ code: String, line: UInt = #line) async throws {
        let page = try await Browser.visit(callback)
        XCTAssertEqual(page.status, 400, line: line)
        XCTAssertEqual(page.text, "Login failed. See the terminal for the reason.", line: line)
        let (status, printed) = try tool.finish()
        XCTAssertEqual(status, 1, printed, line: line)
        XCTAssertTrue(printed.contains(code), printed, line: line)
        XCTAssertFalse(printed.contains("Logged in"), printed, line: line)
    }

    func testCallbackOfAnotherLoginIsRejected() async throws {
        let emulator = try Emulator.strict()
        let tool = try start(emulator)
        let callback = try await Browser.follow(url(tool, after: "Log in at "))
        let state = try XCTUnwrap(query(callback)["state"])
        try await assertRefused(tool, callback.replacingOccurrences(of: state, with: "forged"), "state")
        XCTAssertEqual(try emulator.requests("oauth.token").count, 0, "the code must not be sent")
    }

    func testDeniedLoginIsRejected() async throws {
        let emulator = try Emulator.strict()
        try emulator.control("idp/script", ["deny": ["error": "access_denied", "error_description": "No."]])
        let tool = try start(emulator)
        let callback = try await Browser.follow(url(tool, after: "Log in at "))
        try await assertRefused(tool, callback, "access_denied")
    }

    func testToolStopsWaitingForTheBrowserAfterTheTimeout() throws {
        let tool = try start(try Emulator.strict(), ["--wait", "0.1"])
        let (status, printed) = try tool.finish()
        XCTAssertEqual(status, 1)
        XCTAssertTrue(printed.hasSuffix("timed out waiting for the browser\n"), printed)
    }

    func testInvalidArgumentsAndEnvironmentAreReported() throws {
        for (arguments, message) in [(["--wait", "long"], "--wait needs a number"), (["login"], "usage: ")] {
            let (status, printed) = try start(try Emulator.strict(), arguments).finish()
            XCTAssertEqual(status, 1)
            XCTAssertTrue(printed.hasPrefix(message), printed)
        }
        let (status, printed) = try Program("LoginTool", ["SCALEKIT_CLIENT_ID": ""], arguments: []).finish()
        XCTAssertEqual(status, 1)
        XCTAssertTrue(printed.contains("must"), printed)
    }
}
