import Scalekit
import XCTest

final class CancelTests: XCTestCase {
    private static let get = "organizations.get"

    private func neverRespond(_ emulator: Emulator, _ operation: String) throws {
        try emulator.fault(["operation": .string(operation), "kind": "delay", "forever": true])
    }

    /// A client with a timeout far longer than any test, so that only cancellation ends a call.
    private func client(_ emulator: Emulator) throws -> AsyncScalekitClient {
        try emulator.asyncClient(ClientOptions(timeoutSeconds: 3600))
    }

    /// Call this only after the request is closed: a request in progress would block the test.
    private func assertCancelled(_ task: Task<some Sendable, any Error>, line: UInt = #line) async {
        switch await task.result {
        case .success(let value): XCTFail("the call returned \(value)", line: line)
        case .failure(let error): XCTAssertTrue(error is CancellationError, "\(error)", line: line)
        }
    }

    func testCancelledTaskClosesItsRequest() async throws {
        let emulator = try Emulator.strict()
        let client = try client(emulator)
        try neverRespond(emulator, Self.get)
        let get = Task { try await client.organizations.get(id: "org_1") }
        try await emulator.wait(Self.get, count: 1)
        get.cancel()
        try await emulator.wait(Self.get, count: 1, aborted: 1)
        await assertCancelled(get)

        try neverRespond(emulator, "organizations.delete")
        let delete = Task { try await client.organizations.delete(id: "org_1") }
        try await emulator.wait("organizations.delete", count: 1)
        delete.cancel()
        try await emulator.wait("organizations.delete", count: 1, aborted: 1)
        await assertCancelled(delete)
        let page = try await client.organizations.list()
        XCTAssertEqual(page.organizations.count, 0, "the client must remain usable")
    }

    func testAlreadyCancelledTaskSendsNothing() async throws {
        let emulator = try Emulator.strict()
        let client = try client(emulator)
        let started = Locked(false)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            started.set(true)
            return try await client.organizations.get(id: "org_1")
        }
        task.cancel()
        await assertCancelled(task)
        XCTAssertTrue(started.get())
        XCTAssertEqual(try emulator.requests("oauth.token").count, 0)
    }

    func testCancelledTaskGroupCancelsItsCalls() async throws {
        let emulator = try Emulator.strict()
        let client = try client(emulator)
        for _ in 1...8 { try neverRespond(emulator, Self.get) }
        let group = Task {
            try await withThrowingTaskGroup(of: Organization.self) { group in
                for number in 1...8 { group.addTask { try await client.organizations.get(id: "org_\(number)") } }
                for try await _ in group {}
            }
        }
        try await emulator.wait(Self.get, count: 8)
        group.cancel()
        try await emulator.wait(Self.get, count: 8, aborted: 8)
        await assertCancelled(group)
    }

    func testCancelledPageIsRequestedAgain() async throws {
        let emulator = try Emulator.strict()
        try emulator.seed(["organizations": [["display_name": "n1"]]])
        try neverRespond(emulator, "organizations.list")
        let pager = try client(emulator).organizations.listAll()
        let page = Task { for try await _ in pager {} }
        try await emulator.wait("organizations.list", count: 1)
        page.cancel()
        try await emulator.wait("organizations.list", count: 1, aborted: 1)
        await assertCancelled(page)
        var names: [String] = []
        for try await organization in pager { names.append(organization.displayName) }
        XCTAssertEqual(names, ["n1"])
    }

    func testTokenRequestSurvivesCancellationOfTheCallThatStartedIt() async throws {
        let emulator = try Emulator.strict()
        try emulator.seed(["organizations": [["id": "org_1", "display_name": "A"]]])
        let client = try client(emulator)
        try emulator.fault(["operation": "oauth.token", "kind": "delay", "ms": 1000])
        let leader = Task { try await client.organizations.get(id: "org_1") }
        try await emulator.wait("oauth.token", count: 1)
        let waiter = Task { try await client.organizations.get(id: "org_1") }
        leader.cancel()
        await assertCancelled(leader)
        let found = try await waiter.value
        XCTAssertEqual(found.id, "org_1")
        XCTAssertEqual(try emulator.requests("oauth.token").count, 1)
        XCTAssertEqual(try emulator.requests(Self.get).count, 1)
    }

    /// Cancellation and completion of a call may race; neither may use a freed future.
    func testCancellationRacingCompletionIsSafe() async throws {
        let emulator = try Emulator.strict()
        let client = try client(emulator)
        try await _ = client.organizations.list()
        for round in 0..<200 {
            let task = Task { try await client.organizations.list() }
            for _ in 0..<(round % 20) { await Task.yield() }
            task.cancel()
            if case .failure(let error) = await task.result { XCTAssertTrue(error is CancellationError, "\(error)") }
        }
        let page = try await client.organizations.list()
        XCTAssertEqual(page.organizations.count, 0)
    }
}
