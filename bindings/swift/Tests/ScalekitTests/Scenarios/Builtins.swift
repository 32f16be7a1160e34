import Foundation
import Scalekit

extension String: ScenarioValue {
    init(scenario json: JSONValue) throws {
        guard let text = json.string else { throw Unexpected("not a string: \(json)") }
        self = text
    }

    var actualValue: ActualValue { .plain(.string(self)) }
}

extension Bool: ScenarioValue {
    init(scenario json: JSONValue) throws {
        guard let value = json.bool else { throw Unexpected("not a boolean: \(json)") }
        self = value
    }

    var actualValue: ActualValue { .plain(.bool(self)) }
}

extension Int64: ScenarioValue {
    init(scenario json: JSONValue) throws {
        guard let value = json.integer else { throw Unexpected("not an integer: \(json)") }
        self = value
    }

    var actualValue: ActualValue { .plain(.integer(self)) }
}

extension Int32: ScenarioValue {
    init(scenario json: JSONValue) throws {
        guard let value = Int32(exactly: try Int64(scenario: json)) else { throw Unexpected("not an Int32: \(json)") }
        self = value
    }

    var actualValue: ActualValue { .plain(.integer(Int64(self))) }
}

extension Double: ScenarioValue {
    init(scenario json: JSONValue) throws {
        guard let value = json.number else { throw Unexpected("not a number: \(json)") }
        self = value
    }

    var actualValue: ActualValue { .plain(.number(self)) }
}

extension Date: ScenarioValue {
    init(scenario json: JSONValue) throws {
        let formatter = ISO8601DateFormatter()
        let text = try String(scenario: json)
        formatter.formatOptions = text.contains(".") ? [.withInternetDateTime, .withFractionalSeconds] : [.withInternetDateTime]
        guard let date = formatter.date(from: text) else { throw Unexpected("not a timestamp: \(text)") }
        self = date
    }

    /// Truncated to milliseconds, the precision that all languages share. Adds a microsecond first, since `Date` is a
    /// `Double` and may be slightly too small.
    var actualValue: ActualValue {
        let millis = Int64((timeIntervalSince1970 * 1000 + 0.001).rounded(.down))
        let seconds = Date(timeIntervalSince1970: Double(millis / 1000))
        let text = ISO8601DateFormatter().string(from: seconds).dropLast()
        return .plain(.string("\(text).\(String(format: "%03d", Int(millis % 1000)))Z"))
    }
}

extension Optional: ScenarioValue where Wrapped: ScenarioValue {
    init(scenario json: JSONValue) throws {
        self = json.isNull ? nil : try Wrapped(scenario: json)
    }

    var actualValue: ActualValue { self?.actualValue ?? .plain(.null) }
}

extension Array: ScenarioValue where Element: ScenarioValue {
    init(scenario json: JSONValue) throws {
        guard let values = json.isNull ? [] : json.array else { throw Unexpected("not an array: \(json)") }
        self = try values.map { try Element(scenario: $0) }
    }

    var actualValue: ActualValue { .array(map(\.actualValue)) }
}

extension Dictionary: ScenarioValue where Key == String, Value: ScenarioValue {
    init(scenario json: JSONValue) throws {
        guard let values = json.isNull ? [:] : json.object else { throw Unexpected("not an object: \(json)") }
        self = try values.mapValues { try Value(scenario: $0) }
    }

    var actualValue: ActualValue { .object(mapValues(\.actualValue)) }
}

extension JSONValue: ScenarioValue {
    init(scenario json: JSONValue) throws { self = json }

    var actualValue: ActualValue {
        switch self {
        case .object(let values): .object(values.mapValues(\.actualValue))
        case .array(let values): .array(values.map(\.actualValue))
        default: .plain(self)
        }
    }
}

extension SecretText: ScenarioValue {
    convenience init(scenario json: JSONValue) throws { self.init(text: try String(scenario: json)) }
    var actualValue: ActualValue { .secret(printed: "\(self)", revealed: reveal()) }
}

extension SecretJson: ScenarioValue {
    convenience init(scenario json: JSONValue) throws { try self.init(json: json) }
    var actualValue: ActualValue { .secret(printed: "\(self)", revealed: "\(reveal())") }
}
