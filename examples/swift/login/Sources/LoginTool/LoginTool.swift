// Somebody logs in to a program on their own machine. It has no secret, since it could not keep one: PKCE stands in for
// it, and the browser comes back to a port of this machine (RFC 8252).
//
//     LoginTool [--no-browser] [--wait SECONDS]
//
// It reads `SCALEKIT_ENVIRONMENT_URL` and `SCALEKIT_CLIENT_ID`, that of a client without a secret. The addresses
// `http://127.0.0.1:{port}/callback` and `http://127.0.0.1:{port}/goodbye` must be allowed for it, with any port.

import Foundation
import Scalekit

@main
struct LoginTool {
    let client: PublicScalekitClient
    let loopback: Loopback
    let opensBrowser: Bool
    let wait: Duration

    static func main() {
        // A browser that goes away while it is answered ends nothing here.
        signal(SIGPIPE, SIG_IGN)
        do {
            let tool = try LoginTool(CommandLine.arguments.dropFirst(), ProcessInfo.processInfo.environment)
            let outcome = try tool.logIn()
            tool.show(outcome.claims)
            try tool.offerLogout(of: outcome.session)
        } catch {
            // One sentence, which never holds a secret.
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
                    throw Trouble("--wait needs a number of seconds, at most 3600")
                }
                seconds = given
            default: throw Trouble("usage: LoginTool [--no-browser] [--wait SECONDS]")
            }
        }
        guard let url = environment["SCALEKIT_ENVIRONMENT_URL"], let id = environment["SCALEKIT_CLIENT_ID"] else {
            throw Trouble("SCALEKIT_ENVIRONMENT_URL and SCALEKIT_CLIENT_ID must be set")
        }
        client = try PublicScalekitClient(environmentUrl: url, clientId: id)
        loopback = try Loopback()
        (self.opensBrowser, wait) = (opensBrowser, .seconds(seconds))
    }

    /// The whole login. State, nonce and PKCE are made by `start` and checked by `finish`.
    func logIn() throws -> LoginOutcome {
        let started = try client.login.start(
            LoginOptions(
                redirectUri: "\(loopback.address)/callback",
                scopes: ["openid", "profile", "email", "offline_access"]))
        open(started.authorizationUrl, "Log in at")
        let visitor = try loopback.visitor(at: "/callback", within: wait)
        do {
            let callback = loopback.address + visitor.target
            let outcome = try client.login.finish(callback: callback, transaction: started.transaction)
            visitor.answer("You are logged in. You can close this window.")
            return outcome
        } catch {
            visitor.answer("You are not logged in. The program says why.", status: "400 Bad Request")
            throw error
        }
    }

    /// What the service vouches for. The tokens stay where they are.
    func show(_ claims: IdTokenClaims) {
        let facts: [(String, String?)] = [
            ("subject", claims.subject), ("name", claims.name), ("email", claims.email),
            ("organization", claims.organizationId), ("issuer", claims.issuer),
            ("audience", claims.audience.joined(separator: ", ")), ("until", claims.expiresAt?.description),
        ]
        say("Logged in.")
        for case (let name, let fact?) in facts {
            say("  \(name.padding(toLength: 14, withPad: " ", startingAt: 0))\(fact)")
        }
    }

    /// The browser has to take part in a logout, since the service's session is in it.
    func offerLogout(of session: LoginSession) throws {
        say("Log out as well? (y or n)")
        guard readLine()?.lowercased().hasPrefix("y") == true else { return }
        let goodbye = try client.login.logoutUrl(
            LogoutOptions(idTokenHint: session.idToken, postLogoutRedirectUri: "\(loopback.address)/goodbye"))
        // The URL holds the ID token. It goes into the browser by a redirect from a path that nobody can guess, not
        // over the screen or the list of processes.
        let path = "/logout-\(UUID().uuidString)"
        open(loopback.address + path, "Log out at")
        try loopback.visitor(at: path, within: wait).redirect(to: goodbye)
        try loopback.visitor(at: "/goodbye", within: wait).answer("You are logged out. You can close this window.")
        say("Logged out.")
    }

    /// Says where to go, and goes there where there is a browser.
    private func open(_ url: String, _ what: String) {
        say("\(what) \(url)")
        guard opensBrowser else { return }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        #if os(macOS)
        process.arguments = ["open", url]
        #else
        process.arguments = ["xdg-open", url]
        #endif
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        // Without one the person copies the line.
        try? process.run()
    }

    /// Unlike `print`, at once, also into a pipe.
    private func say(_ line: String) {
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
    }
}

/// Why it goes no further, in words for the person at the terminal.
struct Trouble: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
