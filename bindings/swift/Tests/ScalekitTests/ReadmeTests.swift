import Foundation
import Scalekit
import XCTest

/// The code of README.md, word for word, so that it compiles and runs.
final class ReadmeTests: XCTestCase {
    func testEveryCodeBlockOccursInTheTests() throws {
        let here = URL(fileURLWithPath: #filePath)
        let readme = (0..<3).reduce(here) { path, _ in path.deletingLastPathComponent() }.appendingPathComponent("README.md")
        let names = ["ReadmeTests.swift", "ReadmeLoginTests.swift", "ReadmeLogTests.swift"]
        let tested = try names.flatMap { try lines(of: here.deletingLastPathComponent().appendingPathComponent($0)) }
        var blocks = 0
        for block in try String(contentsOf: readme, encoding: .utf8).components(separatedBy: "```swift\n").dropFirst() {
            let code = block.components(separatedBy: "\n```")[0].split(separator: "\n").map(trimmed)
            let found = tested.indices.contains { tested[$0...].starts(with: code) }
            XCTAssertTrue(found, "missing in \(names): \(code.joined(separator: "\n"))")
            blocks += 1
        }
        XCTAssertGreaterThan(blocks, 18)
    }

    private func lines(of file: URL) throws -> [String] {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(trimmed)
    }

    private func trimmed(_ line: Substring) -> String {
        line.trimmingCharacters(in: .whitespaces)
    }

    private func setEnvironment(of emulator: Emulator) {
        setenv("SCALEKIT_ENVIRONMENT_URL", emulator.url, 1)
        setenv("SCALEKIT_CLIENT_ID", emulator.clientId, 1)
        setenv("SCALEKIT_CLIENT_SECRET", emulator.clientSecret, 1)
    }

    func testStoreAsJSON() throws {
        let setting = OrganizationFeatureSetting(name: .sso, enabled: true)
        let stored = try JSONEncoder().encode(setting)  // {"name":"sso","enabled":true}
        let restored = try JSONDecoder().decode(OrganizationFeatureSetting.self, from: stored)
        print(restored == setting)
        XCTAssertEqual(restored, setting)

        let encoder = JSONEncoder()
        encoder.userInfo[.revealSecrets] = true
        let sealed = try encoder.encode(SecretText(text: "hunter2"))
        XCTAssertEqual(String(decoding: sealed, as: UTF8.self), "\"hunter2\"")
    }

    func testIntroduction() async throws {
        let emulator = try Emulator.strict()
        setEnvironment(of: emulator)
        let client = try AsyncScalekitClient.fromEnv()
        let acme = try await client.organizations.create(CreateOrganization(displayName: "Acme", externalId: "customer-42"))
        for try await organization in client.organizations.listAll() {
            print(organization.displayName, organization.id == acme.id)
        }
        XCTAssertEqual(acme.externalId, "customer-42")
    }

    func testFirstCallUpdateRequestAndOptions() throws {
        let emulator = try Emulator.strict()
        let (environmentUrl, clientId, clientSecret) = (emulator.url, emulator.clientId, emulator.clientSecret)
        let client = try ScalekitClient(
            environmentUrl: environmentUrl, clientId: clientId, clientSecret: clientSecret,
            options: ClientOptions(timeoutSeconds: 5))
        let acme = try client.organizations.create(
            CreateOrganization(displayName: "Acme", metadata: ["plan": "enterprise"]))
        print(acme.displayName, acme.createTime ?? .distantPast)
        XCTAssertLessThan(try XCTUnwrap(acme.createTime).timeIntervalSinceNow.magnitude, 3600)

        let id = acme.id
        let renamed = try client.organizations.update(id: id, UpdateOrganization(displayName: "Acme Corporation"))
        XCTAssertEqual(renamed.displayName, "Acme Corporation")
        XCTAssertEqual(renamed.metadata, ["plan": "enterprise"])
        for organization in client.organizations.listAll() {
            print(try organization.get().displayName)
        }
        let response = try client.request(
            method: .post, path: "/api/v1/organizations", body: ["display_name": "Acme", "metadata": ["plan": "gold"]])
        print(response.body["organization"]?["id"]?.string ?? "")
        XCTAssertNotNil(response.body["organization"]?["id"]?.string)
        let patient = try client.withOptions(
            CallOptions(timeoutSeconds: 60, retry: RetryOptions(maxRetries: 5), headers: ["x-team": "billing"]))
        _ = try patient.organizations.get(id: id)
        XCTAssertEqual(try emulator.requests("organizations.get").last?["headers"]?["x-team"], "billing")
    }

    func testErrorsAndLists() async throws {
        let emulator = try Emulator.strict()
        let client = try emulator.asyncClient()
        do {
            _ = try await client.organizations.get(id: "org_unknown")
        } catch ScalekitError.notFound(let failure) {
            print(failure.operation, failure.requestId ?? "")
        } catch let error as ScalekitError where error.failure.retryable {
            print("retry in \(error.failure.retryAfterSeconds ?? 1) s")
        } catch {
            print(error)
        }
        for try await organization in client.organizations.listAll(ListOrganizations(pageSize: 100)) {
            print(organization.displayName)
        }
        XCTAssertEqual(try emulator.requests("organizations.list").last?["query"], "page_size=100")
    }

    func testValuesAndSecrets() {
        let connection = Connection(status: ConnectionStatus(wireValue: "DREAMING"))
        switch connection.status {
        case .completed: print("ready")
        case .unrecognized(let value): print("unknown status:", value)
        default: print(connection.status?.wireValue ?? "unknown")
        }
        let secret = SecretText(text: "hunter2")
        print(secret, secret.reveal() == "hunter2")
        XCTAssertEqual(connection.status?.wireValue, "DREAMING")
    }

    func testEmulator() async throws {
        let emulator = try Emulator()  // ends with this object, and with the process
        let client = try emulator.asyncClient()
        let started = try client.login.start(LoginOptions(redirectUri: "http://127.0.0.1:8000/callback"))
        let callback = try emulator.login("ada@example.com", authorizationUrl: started.authorizationUrl)
        let outcome = try await client.login.finish(callback: callback, transaction: started.transaction)
        print(outcome.claims.email == "ada@example.com")
        XCTAssertEqual(outcome.claims.email, "ada@example.com")

        try emulator.seed(["organizations": [["id": "org_1", "display_name": "Acme"]]])
        try emulator.fault(["operation": "organizations.get", "kind": "status", "status": 503, "count": 2])
        try emulator.control("clock", ["advance_seconds": 3600])
        print(try emulator.outbox(to: "ada@example.com").count)
        try emulator.reset()  // deletes objects, faults, emails and sessions, and resets the clock
        XCTAssertEqual(try emulator.requests(), [])
    }

    /// Not called, since it would print the events of all other tests, and `LogTests` could set no handler. `LogProgram`
    /// calls `logToStderr`.
    func logging() {
        _ = logToStderr(level: .debug)
    }
}
