import Foundation
@testable import Scalekit

/// Returns a value in the form that scenarios compare. Throws if its JSON has other names or values than that form, or is
/// read as another value.
func checked(_ value: some ScenarioValue) throws -> ActualValue {
    let actual = value.actualValue
    if let value = value as? any ScenarioValue & WireValue { try checkJSON(value) }
    return actual
}

private func checkJSON<Value: ScenarioValue & WireValue>(_ value: Value) throws {
    let encoder = JSONEncoder()
    encoder.userInfo[.revealSecrets] = true
    let written = try encoder.encode([Wire(value)])
    let json = try JSONDecoder().decode([JSONValue].self, from: written)
    let read = try JSONDecoder().decode([Wire<Value>].self, from: written)
    try compare("\(Value.self)", .array(json), .array([value.actualValue]))
    try compare("\(Value.self), read from JSON,", .array(json), .array(read.map(\.value.actualValue)))
}

private func compare(_ at: String, _ json: JSONValue, _ actual: ActualValue) throws {
    switch (json, actual) {
    case (.object(let written), .object(let actual)):
        for (name, inner) in actual {
            try compare("\(at).\(name)", written[name] ?? written[name.inCamelCase] ?? .null, inner)
        }
        let known = Set(actual.keys).union(actual.keys.map(\.inCamelCase))
        for name in written.keys where !known.contains(name) { throw Unexpected("\(at) has no \(name)") }
    case (.array(let written), .array(let actual)) where written.count == actual.count:
        for (written, actual) in zip(written, actual) { try compare(at, written, actual) }
    case (.string(let text), .secret(_, let revealed)) where text == revealed:
        break
    case (_, .secret(_, let revealed)) where (try? JSONValue(fromCore: revealed)) == json:
        break
    case (.string(let text), .plain(.string(let actual))) where text == actual || isTime(text, actual):
        break
    case (_, .plain(let actual)) where isEqual(json, actual):
        break
    default:
        throw Unexpected("\(at) is \(json) in JSON, not \(actual)")
    }
}

/// Whether a timestamp in JSON is the one in `ActualValue`, which is truncated to milliseconds.
private func isTime(_ text: String, _ actual: String) -> Bool {
    guard let written = Date(rfc3339: text), let actual = try? Date(scenario: .string(actual)) else { return false }
    return (-0.0001..<0.0011).contains(written.timeIntervalSince(actual))
}

private extension String {
    /// Some names of the service are in camel case.
    var inCamelCase: String { WireName(stringValue: self).inCamelCase.stringValue }
}
