import Foundation

/// Free-form JSON, where the service promises no particular shape.
///
/// ```swift
/// let body: JSONValue = ["display_name": "Acme", "seats": 7, "tags": ["eu", nil]]
/// body["display_name"]?.string   // "Acme"
/// body["tags"]?[0]               // "eu"
/// ```
///
/// Whole numbers that fit are `integer` and exact; all others are `number`. Anything `Encodable` becomes one with
/// `JSONValue(encoding:)`, and `decode` makes anything `Decodable` of one.
public enum JSONValue: Sendable, Hashable {
    /// Named values.
    case object([String: JSONValue])
    /// Values in order.
    case array([JSONValue])
    /// Text.
    case string(String)
    /// A whole number.
    case integer(Int64)
    /// A number with a fraction, or too large for an integer. JSON knows neither infinity nor NaN: sending one fails
    /// with `invalidArgument`.
    case number(Double)
    /// True or false.
    case bool(Bool)
    /// Nothing.
    case null
}

extension JSONValue {
    /// The value of a key, if this is an object that has it.
    public subscript(key: String) -> JSONValue? { object?[key] }

    /// The value at a place, if this is an array that reaches there.
    public subscript(index: Int) -> JSONValue? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }

    /// The named values, if this is an object.
    public var object: [String: JSONValue]? {
        if case .object(let values) = self { values } else { nil }
    }

    /// The values, if this is an array.
    public var array: [JSONValue]? {
        if case .array(let values) = self { values } else { nil }
    }

    /// The text, if this is a string.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The number, if this is a whole one.
    public var integer: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// The number, whole or not, as near as a `Double` comes.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// True or false, if this is one of them.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// Whether this is `null`.
    public var isNull: Bool { self == .null }
}

extension JSONValue: Codable {
    /// Reads whatever stands there.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let values = try? container.decode([String: JSONValue].self) {
            self = .object(values)
        } else {
            self = .array(try container.decode([JSONValue].self))
        }
    }

    /// Writes the value.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .object(let values): try container.encode(values)
        case .array(let values): try container.encode(values)
        case .string(let text): try container.encode(text)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .bool(let value): try container.encode(value)
        case .null: try container.encodeNil()
        }
    }

    /// The JSON of anything that can be encoded.
    public init(encoding value: some Encodable) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value))
    }

    /// The value as another type.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: JSONEncoder().encode(self))
    }
}

extension JSONValue: CustomStringConvertible {
    /// The JSON text, on one line, with the keys in order.
    public var description: String { (try? text()) ?? "JSONValue(cannot be written as JSON)" }

    private func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    init(fromCore text: String) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }

    /// What cannot be written is left to the core, which refuses by name what is not JSON.
    var forCore: String { (try? text()) ?? "" }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    /// An object; of a key that stands twice, the last value counts.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
}

extension JSONValue: ExpressibleByArrayLiteral {
    /// An array.
    public init(arrayLiteral elements: JSONValue...) {
        self = .array(elements)
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    /// A string.
    public init(stringLiteral value: String) {
        self = .string(value)
    }
}

extension JSONValue: ExpressibleByIntegerLiteral {
    /// A whole number.
    public init(integerLiteral value: Int64) {
        self = .integer(value)
    }
}

extension JSONValue: ExpressibleByFloatLiteral {
    /// A number.
    public init(floatLiteral value: Double) {
        self = .number(value)
    }
}

extension JSONValue: ExpressibleByBooleanLiteral {
    /// True or false.
    public init(booleanLiteral value: Bool) {
        self = .bool(value)
    }
}

extension JSONValue: ExpressibleByNilLiteral {
    /// `null`.
    public init(nilLiteral: ()) {
        self = .null
    }
}
