import Scalekit
import XCTest

/// Calls succeed after the server has closed an idle connection.
final class IdleTests: XCTestCase {
    private func emulator() throws -> Emulator {
        let emulator = try Emulator.strict()
        try emulator.seed(["organizations": [["id": "org_1", "display_name": "A"]]])
        return emulator
    }

    /// Keeps the delay before a retry short.
    private let fastRetries = ClientOptions(retry: RetryOptions(baseDelaySeconds: 0.001, maxDelaySeconds: 0.001))

    private func closeAfter(_ operation: String, on emulator: Emulator) throws {
        try emulator.fault(["operation": .string(operation), "kind": "close_idle"])
    }

    func testCallsSucceedAfterIdleCloseAndWritesArriveOnce() throws {
        let emulator = try emulator()
        let organizations = try emulator.client(fastRetries).organizations
        for round in 1...5 {
            try closeAfter("organizations.get", on: emulator)
            _ = try organizations.get(id: "org_1")
            _ = try organizations.get(id: "org_1")
            try closeAfter("organizations.create", on: emulator)
            _ = try organizations.create(CreateOrganization(displayName: "B"))
            // The client may not have seen the close yet. A read, unlike a write, can be retried.
            _ = try organizations.get(id: "org_1")
            _ = try organizations.create(CreateOrganization(displayName: "B"))
            XCTAssertEqual(try emulator.requests("organizations.create").count, 2 * round)
        }
    }

    func testAsyncCallsSucceedAfterIdleCloseAndWritesArriveOnce() async throws {
        let emulator = try emulator()
        let organizations = try emulator.asyncClient(fastRetries).organizations
        for round in 1...5 {
            try closeAfter("organizations.get", on: emulator)
            _ = try await organizations.get(id: "org_1")
            _ = try await organizations.get(id: "org_1")
            try closeAfter("organizations.create", on: emulator)
            _ = try await organizations.create(CreateOrganization(displayName: "B"))
            _ = try await organizations.get(id: "org_1")
            _ = try await organizations.create(CreateOrganization(displayName: "B"))
            XCTAssertEqual(try emulator.requests("organizations.create").count, 2 * round)
        }
    }
}
