import Foundation
import Scalekit
import XCTest

final class LifecycleTests: XCTestCase {
    func testClosedClientRejectsCalls() async throws {
        let emulator = try Emulator.strict()
        let (client, async) = try (emulator.client(), emulator.asyncClient())
        let copy = try client.withOptions(CallOptions(timeoutSeconds: 5))
        _ = try client.organizations.list()
        _ = try await async.organizations.list()
        let organizations = async.organizations
        for _ in 1...2 {
            client.close()
            async.close()
        }
        XCTAssertEqual(try failure { try client.organizations.list() }.name, "closed")
        XCTAssertEqual(try failure { try copy.organizations.list() }.name, "closed")
        XCTAssertEqual(try failure { try client.jwks() }.name, "closed")
        let closed = try await failure { try await organizations.list() }
        XCTAssertEqual(closed.name, "closed")
        XCTAssertEqual(try emulator.requests("organizations.list").count, 2)
    }

    func testManyClientsStartNoThreadsAndSendNothing() throws {
        let emulator = try Emulator.strict()
        _ = try emulator.client().organizations.list()
        let before = threads()
        #if os(Linux)
        XCTAssertGreaterThan(before, 0)
        #endif
        for _ in 1...1000 {
            _ = try emulator.client().organizations
            _ = try emulator.asyncClient().organizations.listAll()
        }
        XCTAssertLessThanOrEqual(threads(), before)
        XCTAssertEqual(try emulator.requests("oauth.token").count, 1)
    }

    /// The number of threads of this process, on systems with `/proc`; 0 on others.
    private func threads() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("Threads:") }
        return line.flatMap { Int($0.split(whereSeparator: \.isWhitespace).last ?? "") } ?? 0
    }

    func testUserAgentNamesSwift() async throws {
        let emulator = try Emulator.strict()
        _ = try emulator.client(ClientOptions(userAgentSuffix: "my-service/1.4")).organizations.list()
        _ = try await emulator.asyncClient().organizations.list()
        let agents = try emulator.requests("organizations.list").map { $0["headers"]?["user-agent"]?.string ?? "" }
        let pattern = #"^scalekit-rs/\d+\.\d+\.\d+ \(swift/\d+(\.\d+)?; [a-z]+; [a-z0-9_]+\)( my-service/1\.4)?$"#
        for agent in agents { XCTAssertNotNil(agent.range(of: pattern, options: .regularExpression), agent) }
        XCTAssertEqual(agents.map { $0.hasSuffix(" my-service/1.4") }, [true, false])
    }

    func testOperationsAreListed() {
        let known = operations()
        XCTAssertTrue(known.contains(OperationInfo(id: "organizations.get", method: "GET", path: "/api/v1/organizations/{id}")))
        XCTAssertEqual(Set(known.map(\.id)).count, known.count)
    }

    func testFromEnvReadsTheEnvironmentVariables() throws {
        let emulator = try Emulator.strict()
        let values = [
            "SCALEKIT_ENVIRONMENT_URL": emulator.url, "SCALEKIT_CLIENT_ID": emulator.clientId,
            "SCALEKIT_CLIENT_SECRET": emulator.clientSecret,
        ]
        for name in values.keys { unsetenv(name) }
        defer { for name in values.keys { unsetenv(name) } }
        XCTAssertTrue("\(try failure { try ScalekitClient.fromEnv() })".contains("`SCALEKIT_ENVIRONMENT_URL`"))
        for (name, value) in values { setenv(name, value, 1) }
        XCTAssertEqual(try ScalekitClient.fromEnv().organizations.list().totalSize, 0)
        unsetenv("SCALEKIT_CLIENT_SECRET")
        XCTAssertTrue("\(try failure { try AsyncScalekitClient.fromEnv() })".contains("`SCALEKIT_CLIENT_SECRET`"))
    }

    func testOpenEnumerationsKeepUnknownValues() {
        XCTAssertEqual(OrganizationFeature(wireValue: "dir_sync"), .directorySync)
        XCTAssertEqual(OrganizationFeature.directorySync.wireValue, "dir_sync")
        XCTAssertEqual(OrganizationFeature(wireValue: "telepathy"), .unrecognized(value: "telepathy"))
        XCTAssertEqual(OrganizationFeature(wireValue: "telepathy").wireValue, "telepathy")
    }
}
