import Scalekit
import XCTest

#if canImport(os)
import os
#endif

/// README.md's code that passes log events to swift-log, word for word. `ReadmeTests` searches this file as well.
final class ReadmeLogTests: XCTestCase {
    private typealias Logger = SwiftLog.Logger

    override func tearDown() {
        removeLogHandler()
    }

    func testEventsArePassedToSwiftLog() throws {
        let emulator = try Emulator.strict()
        let logger = Logger(label: "scalekit")
        let levels: [LogLevel: Logger.Level] = [.error: .error, .warn: .warning, .info: .info, .debug: .debug]
        setLogHandler(level: .debug) { event in
            logger.log(level: levels[event.level] ?? .trace, "\(event)", metadata: ["operation": "\(event.operation ?? "")"])
        }
        _ = try emulator.client().organizations.list()
        let line = try XCTUnwrap(SwiftLog.lines.get().last)
        XCTAssertTrue(line.hasPrefix("scalekit debug response received operation=organizations.list status=200"), line)
        XCTAssertTrue(line.hasSuffix(" [operation: organizations.list]"), line)
    }
}

/// README.md's code that passes log events to `os.Logger`, word for word.
final class ReadmeOSLogTests: XCTestCase {
    #if !canImport(os)
    private typealias Logger = OSLog.Logger
    private typealias OSLogType = OSLog.OSLogType
    #endif

    override func tearDown() {
        removeLogHandler()
    }

    func testEventsArePassedToOSLog() throws {
        let emulator = try Emulator.strict()
        let logger = Logger(subsystem: "com.example.notes", category: "scalekit")
        let types: [LogLevel: OSLogType] = [.error: .error, .warn: .default, .info: .info]
        setLogHandler(level: .debug) { event in
            logger.log(level: types[event.level] ?? .debug, "\(event, privacy: .public)")
        }
        _ = try emulator.client().organizations.list()
        #if !canImport(os)
        let line = try XCTUnwrap(OSLog.lines.get().last)
        let expected = "com.example.notes scalekit debug response received operation=organizations.list status=200"
        XCTAssertTrue(line.hasPrefix(expected), line)
        #endif
    }
}
