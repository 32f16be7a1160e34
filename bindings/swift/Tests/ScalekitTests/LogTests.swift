import Foundation
import Scalekit
import XCTest

/// The log handler of the process. Tests run one after another, and each removes its handler.
final class LogTests: XCTestCase {
    private static let get = "organizations.get"
    private let fastRetries = ClientOptions(retry: RetryOptions(baseDelaySeconds: 0.001, maxDelaySeconds: 0.001))

    override func tearDown() {
        removeLogHandler()
    }

    private func emulator() throws -> Emulator {
        let emulator = try Emulator.strict()
        try emulator.seed(["organizations": [["id": "org_1", "display_name": "A"]]])
        return emulator
    }

    /// Collects the events of this level and above.
    private func collect(_ level: LogLevel) -> Locked<[LogEvent]> {
        let events = Locked<[LogEvent]>([])
        XCTAssertTrue(setLogHandler(level: level) { event in events.change { $0.append(event) } })
        return events
    }

    private func assertDescribes(_ events: [LogEvent], _ error: ScalekitError, line: UInt = #line) throws {
        let found = events.filter { $0.operation == Self.get }
        XCTAssertEqual(found.count, 1, "\(events)", line: line)
        let event = try XCTUnwrap(found.first)
        XCTAssertEqual(event.level, .debug, line: line)
        XCTAssertEqual(event.message, "response received", line: line)
        XCTAssertEqual(event.status, 404, line: line)
        XCTAssertEqual(event.requestId, try XCTUnwrap(error.failure.requestId), line: line)
        let duration = try XCTUnwrap(event.durationSeconds)
        XCTAssertTrue(duration > 0 && duration < 20, "\(duration)", line: line)
        let expected = "response received operation=organizations.get status=404"
            + " request_id=\(error.failure.requestId ?? "") duration_seconds=\(duration)"
        XCTAssertEqual("\(event)", expected, line: line)
    }

    func testHandlerReceivesTheDetailsOfACall() async throws {
        let emulator = try emulator()
        let events = collect(.debug)
        let error = try failure { try emulator.client().organizations.get(id: "org_unknown") }
        try assertDescribes(events.get(), error)
        let token = try XCTUnwrap(events.get().first)
        XCTAssertEqual([token.operation, token.status.map { "\($0)" }], ["oauth.token", "200"])
        events.set([])
        let client = try emulator.asyncClient()
        let asyncError = try await failure { try await client.organizations.get(id: "org_unknown") }
        try assertDescribes(events.get(), asyncError)
    }

    func testHandlerReceivesEventsOfItsLevelAndAbove() throws {
        let emulator = try emulator()
        let organizations = try emulator.client(fastRetries).organizations
        for (level, expected) in [(LogLevel.error, [LogLevel]()), (.info, [.warn]), (.trace, [.debug, .warn, .debug])] {
            try emulator.fault(["operation": .string(Self.get), "kind": "status", "status": 503])
            _ = try organizations.list()  // has a token from now on
            let events = collect(level)
            _ = try organizations.get(id: "org_1")
            removeLogHandler()
            XCTAssertEqual(events.get().map(\.level), expected, "\(level)")
            for event in events.get() where event.level == .warn {
                XCTAssertEqual([event.operation, event.status.map { "\($0)" }], [Self.get, "503"])
                XCTAssertTrue(event.message.hasPrefix("retrying attempts=1 delay="), event.message)
            }
        }
    }

    func testHandlerIsReplacedRemovedAndReleased() throws {
        final class Marker: Sendable {}
        let emulator = try emulator()
        let organizations = try emulator.client().organizations
        _ = try organizations.get(id: "org_1")
        let first = collect(.debug)
        _ = try organizations.get(id: "org_1")
        let second = collect(.debug)
        _ = try organizations.get(id: "org_1")
        weak var kept: Marker?
        do {
            let marker = Marker()
            kept = marker
            setLogHandler(level: .debug) { _ in withExtendedLifetime(marker) {} }
        }
        XCTAssertNotNil(kept)
        removeLogHandler()
        XCTAssertNil(kept)
        removeLogHandler()
        _ = try organizations.get(id: "org_1")
        XCTAssertEqual([first.get().count, second.get().count], [1, 1])
        XCTAssertFalse(logToStderr(level: .trace), "the events of the process go to the handler")
        let third = collect(.debug)
        _ = try organizations.get(id: "org_1")
        XCTAssertEqual(third.get().map(\.operation), [Self.get])
    }

    func testHandlerIsCalledOnSeveralThreadsAtTheSameTime() throws {
        let emulator = try emulator()
        let organizations = try emulator.client().organizations
        _ = try organizations.get(id: "org_1")
        // Each call of the handler waits for the other one.
        let (both, inside, met) = (NSCondition(), Locked(0), Locked(0))
        setLogHandler(level: .debug) { _ in
            both.lock()
            inside.change { $0 += 1 }
            both.broadcast()
            let limit = Date(timeIntervalSinceNow: 20)
            while inside.get() < 2, both.wait(until: limit) {}
            if inside.get() == 2 { met.change { $0 += 1 } }
            both.unlock()
        }
        let calls = DispatchGroup()
        for _ in 1...2 {
            calls.enter()
            Thread.detachNewThread {
                _ = try? organizations.get(id: "org_1")
                calls.leave()
            }
        }
        calls.wait()
        XCTAssertEqual(met.get(), 2)
    }

    func testHandlerReceivesEachEventOfConcurrentCallsOnce() async throws {
        let emulator = try emulator()
        let client = try emulator.asyncClient()
        _ = try await client.organizations.list()
        let events = collect(.debug)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 1...100 {
                group.addTask { _ = try await client.organizations.get(id: "org_1") }
            }
            try await group.waitForAll()
        }
        XCTAssertEqual(events.get().map(\.operation), Array(repeating: Self.get, count: 100))
        XCTAssertEqual(Set(events.get().map(\.requestId)).count, 100)
    }

    /// On the thread of a blocking call, on a thread of the library, and on a thread without a call.
    func testBlockingCallInsideTheHandlerFailsAndItsEventsAreDropped() async throws {
        let emulator = try emulator()
        let (client, asyncClient) = try (emulator.client(), emulator.asyncClient())
        _ = try client.organizations.get(id: "org_1")
        _ = try await asyncClient.organizations.get(id: "org_1")
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        let (verifier, signer) = (try WebhookVerifier(secrets: [secret]), try WebhookSigner(secret: secret))
        let unusual = Data(#"{"id": "evt_1", "type": "organization.created", "data": "text"}"#.utf8)
        /// Logs a warning on this thread.
        @Sendable func verify() throws {
            _ = try verifier.event(headers: signer.sign(id: "msg_1", body: unusual), body: unusual)
        }
        let (events, errors) = (Locked<[LogEvent]>([]), Locked<[String]>([]))
        setLogHandler(level: .debug) { event in
            events.change { $0.append(event) }
            do {
                try verify()
                _ = try client.organizations.list()
                errors.change { $0.append("none") }
            } catch {
                errors.change { $0.append("\(error)") }
            }
        }
        _ = try client.organizations.get(id: "org_1")
        _ = try await asyncClient.organizations.get(id: "org_1")
        try verify()
        XCTAssertEqual(events.get().map(\.level), [.debug, .debug, .warn], "\(events.get())")
        let expected = "organizations.list: a blocking call inside a log handler is rejected; make it on another thread"
        XCTAssertEqual(errors.get(), Array(repeating: expected, count: 3))
        XCTAssertEqual(try emulator.requests("organizations.list").count, 0)
        removeLogHandler()
        XCTAssertEqual(try client.organizations.list().totalSize, 1)
    }

    func testTaskThatTheHandlerStartsIsLogged() async throws {
        let emulator = try emulator()
        let client = try emulator.asyncClient()
        let logged = expectation(description: "the event of the task")
        setLogHandler(level: .debug) { event in
            switch event.operation {
            case Self.get: Task { try await client.organizations.list() }
            case "organizations.list": logged.fulfill()
            default: break
            }
        }
        _ = try await client.organizations.get(id: "org_1")
        await fulfillment(of: [logged], timeout: 60)
    }

    /// Also at the warning that signing keys could not be fetched, which is due when their cache learns of it.
    func testClosingAClientInsideTheHandlerDoesNotHang() throws {
        let emulator = try emulator()
        let client = try emulator.client(fastRetries)
        let token = try emulator.client().machineTokens.get(
            MachineClient(clientId: emulator.clientId, clientSecret: emulator.clientSecret)).accessToken.reveal()
        try emulator.fault(["operation": "oauth.keys", "kind": "status", "status": 503, "count": 100])
        let closed = Locked(0)
        setLogHandler(level: .warn) { event in
            guard event.message.hasPrefix("signing keys could not be fetched"), closed.get() == 0 else { return }
            client.close()
            closed.change { $0 += 1 }
        }
        let error = try failure { try client.tokens.validate(token: token, TokenExpectations(audience: .unchecked)) }
        XCTAssertEqual(error.name, "closed", "\(error)")
        XCTAssertEqual(closed.get(), 1)
        XCTAssertEqual(try failure { try client.organizations.get(id: "org_1") }.name, "closed")
    }

    func testDescriptionIsOneLineWithTheValuesThatArePresent() {
        let event = LogEvent(level: .warn, message: "first\r\nsecond \u{1b}[0m é \u{85}", operation: "a.b", durationSeconds: 0.5)
        XCTAssertEqual("\(event)", #"first\r\nsecond \u{1b}[0m é \u{85} operation=a.b duration_seconds=0.5"#)
        XCTAssertEqual("\(LogEvent(level: .info, message: "text"))", "text")
        let all = LogEvent(
            level: .debug, message: "m", operation: "o", status: 200, requestId: "r\n", durationSeconds: 1)
        XCTAssertEqual("\(all)", #"m operation=o status=200 request_id=r\n duration_seconds=1.0"#)
    }
}
