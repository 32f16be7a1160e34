import Foundation
import Scalekit

extension String: ScenarioValue {
    init(scenario json: JSONValue) throws {
        guard let text = json.string else { throw Unexpected("\(json) is no text") }
        self = text
    }

    var found: Found { .plain(.string(self)) }
}

extension Bool: ScenarioValue {
    init(scenario json: JSONValue) throws {
        guard let value = json.bool else { throw Unexpected("\(json) is neither true nor false") }
        self = value
    }

    var found: Found { .plain(.bool(self)) }
}

extension Int64: ScenarioValue {
    init(scenario json: JSONValue) throws {
        guard let value = json.integer else { throw Unexpected("\(json) is no whole number") }
        self = value
    }

    var found: Found { .plain(.integer(self)) }
}

extension Int32: ScenarioValue {
    init(scenario json: JSONValue) throws {
        guard let value = Int32(exactly: try Int64(scenario: json)) else { throw Unexpected("\(json) is too large") }
        self = value
    }

    var found: Found { .plain(.integer(Int64(self))) }
}

extension Double: ScenarioValue {
    init(scenario json: JSONValue) throws {
        guard let value = json.number else { throw Unexpected("\(json) is no number") }
        self = value
    }

    var found: Found { .plain(.number(self)) }
}

extension Date: ScenarioValue {
    init(scenario json: JSONValue) throws {
        let formatter = ISO8601DateFormatter()
        let text = try String(scenario: json)
        formatter.formatOptions = text.contains(".") ? [.withInternetDateTime, .withFractionalSeconds] : [.withInternetDateTime]
        guard let date = formatter.date(from: text) else { throw Unexpected("\(text) is no time") }
        self = date
    }

    /// To the millisecond, which is as far as all languages go. A date is a `Double`: a microsecond makes up for it.
    var found: Found {
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

    var found: Found { self?.found ?? .plain(.null) }
}

extension Array: ScenarioValue where Element: ScenarioValue {
    init(scenario json: JSONValue) throws {
        guard let values = json.isNull ? [] : json.array else { throw Unexpected("\(json) is no list") }
        self = try values.map { try Element(scenario: $0) }
    }

    var found: Found { .array(map(\.found)) }
}

extension Dictionary: ScenarioValue where Key == String, Value: ScenarioValue {
    init(scenario json: JSONValue) throws {
        guard let values = json.isNull ? [:] : json.object else { throw Unexpected("\(json) is no map") }
        self = try values.mapValues { try Value(scenario: $0) }
    }

    var found: Found { .object(mapValues(\.found)) }
}

extension JSONValue: ScenarioValue {
    init(scenario json: JSONValue) throws { self = json }

    var found: Found {
        switch self {
        case .object(let values): .object(values.mapValues(\.found))
        case .array(let values): .array(values.map(\.found))
        default: .plain(self)
        }
    }
}

extension SecretText: ScenarioValue {
    convenience init(scenario json: JSONValue) throws { self.init(text: try String(scenario: json)) }
    var found: Found { .secret(printed: "\(self)", revealed: reveal()) }
}

extension SecretJson: ScenarioValue {
    convenience init(scenario json: JSONValue) throws { try self.init(json: json) }
    var found: Found { .secret(printed: "\(self)", revealed: "\(reveal())") }
}
