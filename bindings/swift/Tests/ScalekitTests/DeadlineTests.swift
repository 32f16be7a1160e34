import Scalekit
import XCTest

/// Calls without a response fail with `timeout`.
final class DeadlineTests: XCTestCase {
    private let short = ClientOptions(timeoutSeconds: 0.3)

    private func assertTimeout(_ error: ScalekitError, in operation: String, line: UInt = #line) {
        XCTAssertEqual(error.name, "timeout", "\(error)", line: line)
        XCTAssertEqual(error.failure.operation, operation, line: line)
    }

    func testTokenAndKeyRequestsTimeOut() async throws {
        let server = try SilentServer()
        let client = try ScalekitClient(environmentUrl: server.url, clientId: "a", clientSecret: "b", options: short)
        assertTimeout(try failure { try client.organizations.list() }, in: "organizations.list")
        assertTimeout(try failure { try client.jwks() }, in: "oauth.keys")
        let async = try AsyncScalekitClient(environmentUrl: server.url, clientId: "a", clientSecret: "b", options: short)
        assertTimeout(try await failure { try await async.organizations.list() }, in: "organizations.list")
        assertTimeout(try await failure { try await async.jwks() }, in: "oauth.keys")
    }

    func testCallWithoutResponseTimesOut() async throws {
        let emulator = try Emulator.strict()
        try emulator.fault(["operation": "organizations.get", "kind": "delay", "forever": true, "count": 10])
        let (client, async) = try (emulator.client(short), emulator.asyncClient(short))
        assertTimeout(try failure { try client.organizations.get(id: "a") }, in: "organizations.get")
        assertTimeout(try await failure { try await async.organizations.get(id: "a") }, in: "organizations.get")
    }

    func testCopyWithOptionsHasItsOwnTimeout() async throws {
        let emulator = try Emulator.strict()
        try emulator.fault(["operation": "organizations.get", "kind": "delay", "forever": true, "count": 10])
        let options = CallOptions(timeoutSeconds: 0.3)
        let client = try emulator.client().withOptions(options)
        assertTimeout(try failure { try client.organizations.get(id: "a") }, in: "organizations.get")
        let async = try emulator.asyncClient().withOptions(options)
        assertTimeout(try await failure { try await async.organizations.get(id: "a") }, in: "organizations.get")
    }
}
