import Foundation
import XCTest

/// A running program that was built next to the tests. Its standard output and standard error are recorded.
final class Program {
    private let process = Process()
    private let (input, output) = (Pipe(), Pipe())
    private var printed = ""
    private var unread = Data()

    init(_ name: String, _ environment: [String: String], arguments: [String] = []) throws {
        #if os(macOS)
        let tests = Bundle(for: Program.self).bundleURL
        #else
        let tests = URL(fileURLWithPath: CommandLine.arguments[0])
        #endif
        process.executableURL = tests.deletingLastPathComponent().appendingPathComponent(name)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        (process.standardInput, process.standardOutput, process.standardError) = (input, output, output)
        try process.run()
    }

    /// Foundation crashes if a program that did not start is terminated.
    deinit {
        if process.isRunning { process.terminate() }
    }

    /// Returns the next line of output that starts with `prefix`.
    func line(_ prefix: String) throws -> String {
        while true {
            while let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: unread[..<end], as: UTF8.self)
                unread = Data(unread[(end + 1)...])
                printed += "\(line)\n"
                if line.hasPrefix(prefix) { return line }
            }
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { throw Unexpected("the program exited without a line \"\(prefix)\": \(printed)") }
            unread += more
        }
    }

    func type(_ line: String) throws {
        try input.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8))
    }

    /// Waits for the program to exit, and returns its status and all its output.
    func finish() throws -> (Int32, String) {
        try? input.fileHandleForWriting.close()
        unread += output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        printed += String(decoding: unread, as: UTF8.self)
        unread = Data()
        return (process.terminationStatus, printed)
    }
}
