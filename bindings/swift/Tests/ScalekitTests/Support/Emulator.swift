import Foundation
import Scalekit
import XCTest

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// The emulator, in a process of its own that exits when this object is freed or the tests end.
final class Emulator: @unchecked Sendable {
    let url: String
    let clientId: String
    let clientSecret: String
    /// The ID of a client without a secret.
    let publicClientId: String
    private let process = Process()
    private let input = Pipe()

    init() throws {
        guard let program = ProcessInfo.processInfo.environment["SCALEKIT_EMULATOR"] else {
            throw Unexpected("set SCALEKIT_EMULATOR to the path of the emulator, as `cargo xtask test swift` does")
        }
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["--json", "--port", "0", "--strict", "--exit-with-stdin"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { throw Unexpected("the emulator exited before it was ready") }
            line += more
        }
        let ready = try JSONDecoder().decode([String: String].self, from: line)
        url = ready["environment_url"] ?? ""
        clientId = ready["client_id"] ?? ""
        clientSecret = ready["client_secret"] ?? ""
        publicClientId = ready["public_client_id"] ?? ""
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    func client(_ options: ClientOptions = ClientOptions()) throws -> ScalekitClient {
        try ScalekitClient(environmentUrl: url, clientId: clientId, clientSecret: clientSecret, options: options)
    }

    func asyncClient(_ options: ClientOptions = ClientOptions()) throws -> AsyncScalekitClient {
        try AsyncScalekitClient(environmentUrl: url, clientId: clientId, clientSecret: clientSecret, options: options)
    }
}

// The control plane; see tests/emulator/README.md.
extension Emulator {
    func reset() throws {
        try control("POST", "reset", nil)
    }

    @discardableResult
    func seed(_ seed: JSONValue) throws -> JSONValue {
        try control("POST", "seed", seed)
    }

    func fault(_ fault: JSONValue) throws {
        try control("POST", "fault", fault)
    }

    /// Returns the requests received for an operation, in order.
    func requests(_ operation: String) throws -> [JSONValue] {
        try control("GET", "requests?operation=\(operation)", nil)["requests"]?.array ?? []
    }

    /// Waits until `count` requests of an operation have arrived, and the client has aborted `aborted` of them.
    func wait(_ operation: String, count: Int64, aborted: Int64 = 0) async throws {
        let body: JSONValue = ["operation": .string(operation), "count": .integer(count), "aborted": .integer(aborted)]
        _ = try await withCheckedThrowingContinuation { continuation in
            send("POST", "wait", body) { continuation.resume(with: $0) }
        }
    }

    /// Sends a command such as `idp/script` or `webhooks/endpoints`; tests/emulator/README.md lists them.
    @discardableResult
    func control(_ path: String, _ body: JSONValue) throws -> JSONValue {
        try control("POST", path, body)
    }

    @discardableResult
    private func control(_ method: String, _ path: String, _ body: JSONValue?) throws -> JSONValue {
        let finished = DispatchSemaphore(value: 0)
        let response = Locked<Result<JSONValue, any Error>?>(nil)
        send(method, path, body) {
            response.set($0)
            finished.signal()
        }
        finished.wait()
        guard let result = response.get() else { throw Unexpected("no response from the emulator") }
        return try result.get()
    }

    private func send(
        _ method: String, _ path: String, _ body: JSONValue?,
        then done: @escaping @Sendable (Result<JSONValue, any Error>) -> Void
    ) {
        guard let url = URL(string: "\(url)/_emulator/\(path)") else { return done(.failure(Unexpected(path))) }
        var request = URLRequest(url: url)
        request.httpMethod = method
        request.httpBody = body.map { Data($0.description.utf8) }
        URLSession.shared.dataTask(with: request) { data, response, error in
            done(Result {
                if let error { throw error }
                let text = data ?? Data()
                let status = (response as? HTTPURLResponse)?.statusCode ?? 0
                guard (200..<300).contains(status) else {
                    throw Unexpected("\(path): \(status) \(String(decoding: text, as: UTF8.self))")
                }
                return text.isEmpty ? .null : try JSONDecoder().decode(JSONValue.self, from: text)
            })
        }.resume()
    }
}

/// An unexpected condition in a test.
struct Unexpected: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// A thread-safe value.
final class Locked<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) {
        self.value = value
    }

    func get() -> Value { lock.withLock { value } }
    func set(_ value: Value) { lock.withLock { self.value = value } }
}
