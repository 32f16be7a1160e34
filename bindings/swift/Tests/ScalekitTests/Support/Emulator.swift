import Foundation
import Scalekit
import ScalekitEmulator

/// In all files of the tests, without an import.
typealias Emulator = ScalekitEmulator.Emulator

extension Emulator {
    /// Starts an emulator that rejects what an SDK must not send.
    static func strict() throws -> Emulator {
        try Emulator(["--strict"])
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
    func change(_ change: (inout Value) -> Void) { lock.withLock { change(&value) } }
}
