import Foundation
import Scalekit
@testable import ScalekitEmulator
import XCTest

/// The module that runs the emulator in tests of applications.
final class EmulatorTests: XCTestCase {
    func testLoginReturnsTheCallbackOfTheApp() async throws {
        let emulator = try Emulator()
        let client = try emulator.asyncClient()
        let started = try client.login.start(LoginOptions(redirectUri: "http://127.0.0.1:9/callback"))
        let person: [String: JSONValue] = ["given_name": "Ada"]
        let callback = try emulator.login("a+b@example.com", authorizationUrl: started.authorizationUrl, person: person)
        let outcome = try await client.login.finish(callback: callback, transaction: started.transaction)
        XCTAssertEqual(outcome.claims.email, "a+b@example.com")
        XCTAssertEqual(outcome.claims.givenName, "Ada")
    }

    func testLoginThatDoesNotLeadToTheCallbackIsAnError() throws {
        let emulator = try Emulator()
        let unknown = "\(emulator.url)/oauth/authorize?client_id=skc_unknown"
        let noCallback = message { try emulator.login("a@example.com", authorizationUrl: unknown) }
        XCTAssertTrue(noCallback.contains("does not lead to the callback: status 400"), noCallback)
        let elsewhere = "https://acme.example/oauth/authorize?client_id=hidden"
        let otherHost = message { try emulator.login("a@example.com", authorizationUrl: elsewhere) }
        XCTAssertTrue(otherHost.contains("https://acme.example/oauth/authorize, not to the emulator"), otherHost)
        XCTAssertFalse(otherHost.contains("hidden"), otherHost)
    }

    func testCommandsReachTheControlPlane() throws {
        let emulator = try Emulator(["--world", "demo", "--client-secret", "planted-secret"])
        XCTAssertEqual(emulator.environment["SCALEKIT_CLIENT_SECRET"], "planted-secret")
        XCTAssertFalse(emulator.description.contains("planted"), emulator.description)
        try emulator.seed(["organizations": [["id": "org_1", "display_name": "Acme"]]])
        XCTAssertEqual(try emulator.client().organizations.get(id: "org_1").displayName, "Acme")
        try emulator.reset()
        let client = try emulator.client()
        let get = { try client.organizations.get(id: "org_1") }
        XCTAssertEqual(try failure(of: get).name, "notFound")
        try emulator.fault(["operation": "organizations.get", "kind": "status", "status": 409])
        XCTAssertEqual(try failure(of: get).name, "conflict")
        XCTAssertEqual(try emulator.requests("organizations.get").count, 2)
        for address in ["a+b@example.com", "c@example.com"] {
            _ = try client.passwordless.send(SendPasswordlessEmail(email: address))
        }
        XCTAssertEqual(try emulator.outbox().count, 2)
        XCTAssertEqual(try emulator.outbox(to: "a+b@example.com").map { $0["to"] }, ["a+b@example.com"])
        let unknownField = message { try emulator.seed(["x": 1]) }
        XCTAssertTrue(unknownField.contains("seed: x: unknown field"), unknownField)
    }

    func testStoppedEmulatorDoesNotRespond() throws {
        let emulator = try Emulator()
        emulator.stop()
        emulator.stop()
        let error = message { try emulator.reset() }
        XCTAssertTrue(error.hasPrefix("the emulator does not respond: "), error)
    }

    func testInvalidArgumentIsAnError() {
        let error = message { try Emulator(["--unknown"]) }
        XCTAssertTrue(error.contains("the emulator did not start (status 2)"), error)
    }

    func testProgramIsFoundInPath() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = "\(folder.path)/none:\(folder.path)"
        let missing = message { try ScalekitEmulator.Program.find(in: ["PATH": path]) }
        XCTAssertTrue(missing.contains("in the folders of PATH (\(folder.path)/none, \(folder.path))"), missing)

        let program = folder.appendingPathComponent("scalekit-emulator").path
        try Data().write(to: URL(fileURLWithPath: program))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
        XCTAssertEqual(try ScalekitEmulator.Program.find(in: ["PATH": path, "SCALEKIT_EMULATOR": ""]).path, program)
        let chosen = message { try ScalekitEmulator.Program.find(in: ["PATH": path, "SCALEKIT_EMULATOR": "/none"]) }
        XCTAssertEqual(chosen, "SCALEKIT_EMULATOR is /none, which is no program")
    }

    /// The description of the error that a call throws.
    private func message(of call: () throws -> some Any) -> String {
        do {
            return "no error, but \(try call())"
        } catch {
            return "\(error)"
        }
    }
}
