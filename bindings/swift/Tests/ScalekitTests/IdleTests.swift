import Scalekit
import XCTest

/// A connection that the server closed while nobody used it does no harm.
final class IdleTests: XCTestCase {
    private func emulator() throws -> Emulator {
        let emulator = try Emulator()
        try emulator.seed(["organizations": [["id": "org_1", "display_name": "A"]]])
        return emulator
    }

    /// A read that is tried again does not wait long for it.
    private let quick = ClientOptions(retry: RetryOptions(baseDelaySeconds: 0.001, maxDelaySeconds: 0.001))

    private func closeAfter(_ operation: String, on emulator: Emulator) throws {
        try emulator.fault(["operation": .string(operation), "kind": "close_idle"])
    }

    func testTheNextCallsSucceedAndAWriteArrivesOnce() throws {
        let emulator = try emulator()
        let organizations = try emulator.client(quick).organizations
        for round in 1...5 {
            try closeAfter("organizations.get", on: emulator)
            _ = try organizations.get(id: "org_1")
            _ = try organizations.get(id: "org_1")
            try closeAfter("organizations.create", on: emulator)
            _ = try organizations.create(CreateOrganization(displayName: "B"))
            // A read in between, which may be tried again: the closing may still be on its way to us.
            _ = try organizations.get(id: "org_1")
            _ = try organizations.create(CreateOrganization(displayName: "B"))
            XCTAssertEqual(try emulator.requests("organizations.create").count, 2 * round)
        }
    }

    func testTheNextAsyncCallsSucceedAndAWriteArrivesOnce() async throws {
        let emulator = try emulator()
        let organizations = try emulator.asyncClient(quick).organizations
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
