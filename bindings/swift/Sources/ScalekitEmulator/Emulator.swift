import Foundation
import Scalekit

#if os(macOS) || os(Linux) || os(Windows)

/// A running emulator of the Scalekit service, on a free port of this machine.
///
/// It ends with ``stop()``, when this object is freed, and with this process. Thread-safe. The methods block until the
/// emulator responds. Bodies and results of commands are JSON; `tests/emulator/README.md` describes them.
public final class Emulator: @unchecked Sendable, CustomStringConvertible {
    /// The environment URL.
    public let url: String
    /// The client ID.
    public let clientId: String
    /// The client secret.
    public let clientSecret: String
    /// The ID of the client without a secret, for native and single-page applications.
    public let publicClientId: String

    private let process: Process
    /// The program exits when this closes, and so when this process exits, however it does.
    private let input: Pipe

    /// Starts an emulator.
    ///
    /// Its program is `scalekit-emulator` in a folder of `PATH`, unless the environment variable `SCALEKIT_EMULATOR`
    /// contains the path of another one.
    ///
    /// - Parameter arguments: More arguments of the program, such as `["--world", "demo"]`. Addresses and `--tls` are
    ///   not supported.
    /// - Throws: ``EmulatorError`` if the program is not installed or did not start.
    public init(_ arguments: [String] = []) throws {
        let output = Pipe()
        (process, input) = (Process(), Pipe())
        process.executableURL = try Program.find(in: ProcessInfo.processInfo.environment)
        process.arguments = ["--json", "--port", "0", "--exit-with-stdin"] + arguments
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        let line = firstLine(of: output.fileHandleForReading)
        guard let ready = try? JSONDecoder().decode([String: String].self, from: line),
            let url = ready["environment_url"], let clientId = ready["client_id"],
            let clientSecret = ready["client_secret"], let publicClientId = ready["public_client_id"]
        else {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
            let status = process.terminationStatus
            throw EmulatorError("the emulator did not start (status \(status)); see its message on standard error")
        }
        (self.url, self.clientId) = (url, clientId)
        (self.clientSecret, self.publicClientId) = (clientSecret, publicClientId)
    }

    deinit {
        stop()
    }

    /// Stops the emulator. Has no effect if it is stopped.
    public func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// The environment variables from which Scalekit's SDKs read their settings.
    public var environment: [String: String] {
        [
            "SCALEKIT_ENVIRONMENT_URL": url, "SCALEKIT_CLIENT_ID": clientId, "SCALEKIT_CLIENT_SECRET": clientSecret,
        ]
    }

    /// The URL, without the credentials.
    public var description: String { "Emulator(\(url))" }

    /// Creates a blocking client of this emulator.
    public func client(_ options: ClientOptions = ClientOptions()) throws -> ScalekitClient {
        try ScalekitClient(environmentUrl: url, clientId: clientId, clientSecret: clientSecret, options: options)
    }

    /// Creates an asynchronous client of this emulator.
    public func asyncClient(_ options: ClientOptions = ClientOptions()) throws -> AsyncScalekitClient {
        try AsyncScalekitClient(environmentUrl: url, clientId: clientId, clientSecret: clientSecret, options: options)
    }
}

/// The emulator did not start, or rejected a command.
public struct EmulatorError: LocalizedError, CustomStringConvertible {
    /// What happened, in one sentence.
    public let description: String

    init(_ description: String) {
        self.description = description
    }

    /// The description.
    public var errorDescription: String? { description }
}

/// The bytes up to the first line break, or all if there is none.
private func firstLine(of output: FileHandle) -> Data {
    var line = Data()
    while line.last != UInt8(ascii: "\n") {
        let more = output.availableData
        if more.isEmpty { break }
        line += more
    }
    return line
}

#endif
