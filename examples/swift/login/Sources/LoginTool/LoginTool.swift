// Logs a user in to a command-line program. The program has no client secret, since it could not keep one. It uses
// PKCE, and the browser returns to a port on this machine (RFC 8252).
//
//     LoginTool [--no-browser] [--wait SECONDS]
//
// Reads `SCALEKIT_ENVIRONMENT_URL` and `SCALEKIT_CLIENT_ID`, the ID of a client without a secret. The client must allow
// the URLs `http://127.0.0.1:{port}/callback` and `http://127.0.0.1:{port}/goodbye`, with any port.

import Foundation
import Scalekit

@main
struct LoginTool {
    let client: PublicScalekitClient
    let server: LoopbackServer
    let opensBrowser: Bool
    let wait: Duration

    static func main() {
        // A browser that closes the connection early must not end the program.
        signal(SIGPIPE, SIG_IGN)
        do {
            let tool = try LoginTool(CommandLine.arguments.dropFirst(), ProcessInfo.processInfo.environment)
            let outcome = try tool.logIn()
            tool.show(outcome.claims)
            try tool.offerLogout(of: outcome.session)
        } catch {
            // A one-line summary, which never contains a secret.
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    init(_ arguments: ArraySlice<String>, _ environment: [String: String]) throws {
        var (rest, opensBrowser, seconds) = (arguments, true, 180.0)
        while let argument = rest.popFirst() {
            switch argument {
            case "--no-browser": opensBrowser = false
            case "--wait":
                guard let given = rest.popFirst().flatMap(Double.init), 0...3600 ~= given else {
                    throw ToolError("--wait needs a number of seconds from 0 to 3600")
                }
                seconds = given
            default: throw ToolError("usage: LoginTool [--no-browser] [--wait SECONDS]")
            }
        }
        guard let url = environment["SCALEKIT_ENVIRONMENT_URL"], let id = environment["SCALEKIT_CLIENT_ID"] else {
            throw ToolError("SCALEKIT_ENVIRONMENT_URL and SCALEKIT_CLIENT_ID must be set")
        }
        client = try PublicScalekitClient(environmentUrl: url, clientId: id)
        server = try LoopbackServer()
        (self.opensBrowser, wait) = (opensBrowser, .seconds(seconds))
    }

    /// Performs a login. `start` creates state, nonce and PKCE, and `finish` verifies them.
    func logIn() throws -> LoginOutcome {
        let started = try client.login.start(
            LoginOptions(
                redirectUri: "\(server.url)/callback",
                scopes: ["openid", "profile", "email", "offline_access"]))
        open(started.authorizationUrl, "Log in at")
        let request = try server.request(for: "/callback", timeout: wait)
        do {
            let callback = server.url + request.target
            let outcome = try client.login.finish(callback: callback, transaction: started.transaction)
            request.respond("You are logged in. You can close this window.")
            return outcome
        } catch {
            request.respond("Login failed. See the terminal for the reason.", status: "400 Bad Request")
            throw error
        }
    }

    /// Prints the verified claims, but no tokens.
    func show(_ claims: IdTokenClaims) {
        let facts: [(String, String?)] = [
            ("subject", claims.subject), ("name", claims.name), ("email", claims.email),
            ("organization", claims.organizationId), ("issuer", claims.issuer),
            ("audience", claims.audience.joined(separator: ", ")), ("expires", claims.expiresAt?.description),
        ]
        printLine("Logged in.")
        for case (let name, let fact?) in facts {
            printLine("  \(name.padding(toLength: 14, withPad: " ", startingAt: 0))\(fact)")
        }
    }

    /// Offers to log out. A logout goes through the browser, which has the session of the service.
    func offerLogout(of session: LoginSession) throws {
        printLine("Log out as well? (y or n)")
        guard readLine()?.lowercased().hasPrefix("y") == true else { return }
        let logoutUrl = try client.login.logoutUrl(
            LogoutOptions(idTokenHint: session.idToken, postLogoutRedirectUri: "\(server.url)/goodbye"))
        // The URL contains the ID token. A redirect from a random path passes it to the browser, so that it appears
        // neither on the screen nor in the list of processes.
        let path = "/logout-\(UUID().uuidString)"
        open(server.url + path, "Log out at")
        try server.request(for: path, timeout: wait).redirect(to: logoutUrl)
        try server.request(for: "/goodbye", timeout: wait).respond("You are logged out. You can close this window.")
        printLine("Logged out.")
    }

    /// Prints a URL and opens it in the browser.
    private func open(_ url: String, _ label: String) {
        printLine("\(label) \(url)")
        guard opensBrowser else { return }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        #if os(macOS)
        process.arguments = ["open", url]
        #else
        process.arguments = ["xdg-open", url]
        #endif
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        // If this fails, the user can copy the URL from the terminal.
        try? process.run()
    }

    /// Prints a line without buffering, unlike `print`, which buffers output to a pipe.
    private func printLine(_ line: String) {
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
    }
}

/// An error message for the user.
struct ToolError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
