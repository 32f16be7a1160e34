import Foundation
@testable import Scalekit

/// The values that earlier steps have bound to names.
struct Bindings {
    private var values: [String: String] = [:]

    /// Replaces each `${name}` by its bound value.
    func substitute(_ json: JSONValue) throws -> JSONValue {
        switch json {
        case .string(var text):
            for (name, value) in values { text = text.replacingOccurrences(of: "${\(name)}", with: value) }
            if text.contains("${") { throw Unexpected("unbound name: \(text)") }
            return .string(text)
        case .array(let items): return .array(try items.map(substitute))
        case .object(let fields): return .object(try fields.mapValues(substitute))
        default: return json
        }
    }

    /// Throws if a result differs from the expectation.
    mutating func match(_ at: String, _ expected: JSONValue, _ actual: ActualValue) throws {
        switch (expected, actual) {
        case (.object(let expected), .object(let actual)):
            for (key, value) in expected {
                guard let inner = actual[key] ?? actual[key.inSnakeCase] else { throw Unexpected("\(at): no `\(key)`") }
                try match("\(at).\(key)", value, inner)
            }
        case (.array(let expected), .array(let actual)):
            if expected.count != actual.count { throw Unexpected("\(at): \(actual.count) elements: \(actual)") }
            for (index, pair) in zip(expected, actual).enumerated() { try match("\(at)[\(index)]", pair.0, pair.1) }
        case (.string(let text), _):
            try matchText(at, text, actual)
        case (_, .plain(let actual)) where isEqual(expected, actual):
            break
        default:
            throw Unexpected("\(at): expected \(expected), got \(actual)")
        }
    }

    private mutating func matchText(_ at: String, _ expected: String, _ actual: ActualValue) throws {
        if expected == "$any" {
            if case .plain(.null) = actual { throw Unexpected("\(at): no value") }
        } else if let name = expected.after("$bind:") {
            guard case .plain(.string(let text)) = actual else { throw Unexpected("\(at): not a string: \(actual)") }
            values[name] = text
        } else if let secret = expected.after("$secret:") {
            guard case .secret(_, secret) = actual else { throw Unexpected("\(at): not the expected secret") }
        } else if case .secret(let printed, let revealed) = actual {
            if printed != expected || printed.contains(revealed) { throw Unexpected("\(at): prints as \(printed)") }
        } else if case .plain(.string(let text)) = actual, text == expected || isSameTime(text, expected) {
            return
        } else {
            throw Unexpected("\(at): expected \(expected), got \(actual)")
        }
    }
}

/// Compares JSON values. Numbers are equal if their values are, whether integer or not.
func isEqual(_ expected: JSONValue, _ actual: JSONValue) -> Bool {
    if expected == actual { return true }
    switch (expected, actual) {
    case (.integer, .number), (.number, .integer): return expected.number == actual.number
    // Foundation reads the scenario, and has no integers beyond 64 bits.
    case (.number, .bigInteger): return expected.number == actual.number
    default: return false
    }
}

/// Compares timestamps to the millisecond, the precision that all languages share.
private func isSameTime(_ one: String, _ other: String) -> Bool {
    guard let one = try? Date(scenario: .string(one)), let other = try? Date(scenario: .string(other)) else { return false }
    return abs(one.timeIntervalSince(other)) < 0.0005
}

private extension String {
    /// Some fields of the API are in camel case.
    var inSnakeCase: String { map { $0.isUppercase ? "_\($0.lowercased())" : String($0) }.joined() }

    func after(_ prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}

/// The text of a scenario, which names arguments as the core does, as the error has it.
private func inSwift(_ error: ScalekitError, _ says: String) -> String {
    if case .invalidArgument = error { swiftNames(in: says) } else { says }
}

/// Throws if an error is not the expected one.
func check(_ at: String, _ error: ScalekitError, is expected: [String: JSONValue]) throws {
    let failure = error.failure
    let variant = error.name.prefix(1).uppercased() + error.name.dropFirst()
    for printed in ["\(error)", error.localizedDescription, String(reflecting: error)] where printed != failure.summary {
        throw Unexpected("\(at): prints as \(printed), not as \(failure.summary)")
    }
    let details = failure.actualValue
    guard case .object(let fields) = details else { throw Unexpected("\(at): \(details)") }
    var bindings = Bindings()
    for (key, value) in expected {
        switch key {
        case "variant": try bindings.match("\(at).\(key)", value, variant.actualValue)
        case "fields": try bindings.match("\(at).\(key)", value, failure.fieldViolations.map(\.field).actualValue)
        case "says" where failure.summary.contains(inSwift(error, value.string ?? "\n")): break
        case "status", "code", "operation", "retryable", "retry_after_seconds", "source":
            try bindings.match("\(at).\(key): \(error)", value, fields[key] ?? .plain(.null))
        default: throw Unexpected("\(at): unknown or unmet expectation \(key) \(value): \(error)")
        }
    }
}
