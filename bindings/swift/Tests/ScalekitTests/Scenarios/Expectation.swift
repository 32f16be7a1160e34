import Foundation
import Scalekit

/// Values that earlier steps kept.
struct Kept {
    private var values: [String: String] = [:]

    /// Puts kept values in place of `${name}`.
    func fill(_ json: JSONValue) throws -> JSONValue {
        switch json {
        case .string(var text):
            for (name, kept) in values { text = text.replacingOccurrences(of: "${\(name)}", with: kept) }
            if text.contains("${") { throw Unexpected("a value that was never kept: \(text)") }
            return .string(text)
        case .array(let items): return .array(try items.map(fill))
        case .object(let fields): return .object(try fields.mapValues(fill))
        default: return json
        }
    }

    /// Fails where a result is not what was expected of it.
    mutating func match(_ at: String, _ expected: JSONValue, _ found: Found) throws {
        switch (expected, found) {
        case (.object(let expected), .object(let found)):
            for (key, value) in expected {
                guard let inner = found[key] ?? found[key.inSnakeCase] else { throw Unexpected("\(at): there is no `\(key)`") }
                try match("\(at).\(key)", value, inner)
            }
        case (.array(let expected), .array(let found)):
            if expected.count != found.count { throw Unexpected("\(at): \(found.count) elements: \(found)") }
            for (index, pair) in zip(expected, found).enumerated() { try match("\(at)[\(index)]", pair.0, pair.1) }
        case (.string(let text), _):
            try matchText(at, text, found)
        case (_, .plain(let found)) where same(expected, found):
            break
        default:
            throw Unexpected("\(at): expected \(expected), found \(found)")
        }
    }

    private mutating func matchText(_ at: String, _ expected: String, _ found: Found) throws {
        if expected == "$any" {
            if case .plain(.null) = found { throw Unexpected("\(at): nothing") }
        } else if let name = expected.after("$bind:") {
            guard case .plain(.string(let text)) = found else { throw Unexpected("\(at): \(found) is no text to keep") }
            values[name] = text
        } else if let secret = expected.after("$secret:") {
            guard case .secret(_, secret) = found else { throw Unexpected("\(at): another secret, or none") }
        } else if case .secret(let printed, let revealed) = found {
            if printed != expected || printed.contains(revealed) { throw Unexpected("\(at): it prints \(printed)") }
        } else if case .plain(.string(let text)) = found, text == expected || sameMoment(text, expected) {
            return
        } else {
            throw Unexpected("\(at): expected \(expected), found \(found)")
        }
    }
}

/// Equal, whichever kind a number is of.
private func same(_ expected: JSONValue, _ found: JSONValue) -> Bool {
    if expected == found { return true }
    switch (expected, found) {
    case (.integer, .number), (.number, .integer): return expected.number == found.number
    // Foundation reads the scenario, and has no integers beyond 64 bits.
    case (.number, .bigInteger): return expected.number == found.number
    default: return false
    }
}

/// Equal to the millisecond, which is as far as all languages go.
private func sameMoment(_ one: String, _ other: String) -> Bool {
    guard let one = try? Date(scenario: .string(one)), let other = try? Date(scenario: .string(other)) else { return false }
    return abs(one.timeIntervalSince(other)) < 0.0005
}

private extension String {
    /// Some fields are written `likeThis` on the wire.
    var inSnakeCase: String { map { $0.isUppercase ? "_\($0.lowercased())" : String($0) }.joined() }

    func after(_ prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}

/// Fails where an error is not the one that was expected.
func check(_ at: String, _ error: ScalekitError, is expected: [String: JSONValue]) throws {
    let failure = error.failure
    let variant = error.name.prefix(1).uppercased() + error.name.dropFirst()
    for printed in ["\(error)", error.localizedDescription, String(reflecting: error)] where printed != failure.summary {
        throw Unexpected("\(at): it prints \(printed), not \(failure.summary)")
    }
    let facts = failure.found
    guard case .object(let fields) = facts else { throw Unexpected("\(at): \(facts)") }
    var kept = Kept()
    for (key, value) in expected {
        switch key {
        case "variant": try kept.match("\(at).\(key)", value, variant.found)
        case "fields": try kept.match("\(at).\(key)", value, failure.fieldViolations.map(\.field).found)
        case "says" where failure.summary.contains(value.string ?? "\n"): break
        case "status", "code", "operation", "retryable", "retry_after_seconds", "source":
            try kept.match("\(at).\(key): \(error)", value, fields[key] ?? .plain(.null))
        default: throw Unexpected("\(at): \(key) \(value) is not known, or not in: \(error)")
        }
    }
}
