import Foundation

/// An arbitrary JSON value.
///
/// ```swift
/// let body: JSONValue = ["display_name": "Acme", "seats": 7, "tags": ["eu", nil]]
/// body["display_name"]?.string   // "Acme"
/// body["tags"]?[0]               // "eu"
/// ```
///
/// Integers that fit into an `Int64` are `integer` and exact; all other numbers are `number`. `JSONValue(encoding:)`
/// converts from any `Encodable` type, and `decode` to any `Decodable` type.
public enum JSONValue: Sendable, Hashable {
    /// An object.
    case object([String: JSONValue])
    /// An array.
    case array([JSONValue])
    /// A string.
    case string(String)
    /// An integer.
    case integer(Int64)
    /// A number with a fraction, or too large for an `Int64`. JSON has neither infinity nor NaN: sending one fails with
    /// `invalidArgument`.
    case number(Double)
    /// A boolean.
    case bool(Bool)
    /// `null`.
    case null
}

extension JSONValue {
    /// The value of a key, or `nil` if this is not an object or has no such key.
    public subscript(key: String) -> JSONValue? { object?[key] }

    /// The value at an index, or `nil` if this is not an array or the index is out of range.
    public subscript(index: Int) -> JSONValue? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }

    /// The members, or `nil` if this is not an object.
    public var object: [String: JSONValue]? {
        if case .object(let values) = self { values } else { nil }
    }

    /// The elements, or `nil` if this is not an array.
    public var array: [JSONValue]? {
        if case .array(let values) = self { values } else { nil }
    }

    /// The text, or `nil` if this is not a string.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The integer, or `nil` if this is not an `integer`.
    public var integer: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    /// The number as a `Double`, rounded if necessary, or `nil` if this is not a number.
    public var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The boolean, or `nil` if this is not a boolean.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// Whether this is `null`.
    public var isNull: Bool { self == .null }
}

extension JSONValue: Codable {
    /// Decodes any JSON value.
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

    /// Encodes the value as JSON.
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

    /// Creates a value from the JSON encoding of `value`.
    public init(encoding value: some Encodable) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value))
    }

    /// Decodes the value as another type.
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: JSONEncoder().encode(self))
    }
}

extension JSONValue: CustomStringConvertible {
    /// The JSON text on one line, with sorted keys.
    public var description: String { (try? text()) ?? "JSONValue(cannot be written as JSON)" }

    private func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    init(fromCore text: String) throws {
        self = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }

    /// The JSON text for the core. Empty if the value is not valid JSON; the core then rejects the argument by name.
    var forCore: String { (try? text()) ?? "" }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    /// Creates an object. If a key occurs twice, the last value is used.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
}

extension JSONValue: ExpressibleByArrayLiteral {
    /// Creates an array.
    public init(arrayLiteral elements: JSONValue...) {
        self = .array(elements)
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    /// Creates a string.
    public init(stringLiteral value: String) {
        self = .string(value)
    }
}

extension JSONValue: ExpressibleByIntegerLiteral {
    /// Creates an integer.
    public init(integerLiteral value: Int64) {
        self = .integer(value)
    }
}

extension JSONValue: ExpressibleByFloatLiteral {
    /// Creates a number.
    public init(floatLiteral value: Double) {
        self = .number(value)
    }
}

extension JSONValue: ExpressibleByBooleanLiteral {
    /// Creates a boolean.
    public init(booleanLiteral value: Bool) {
        self = .bool(value)
    }
}

extension JSONValue: ExpressibleByNilLiteral {
    /// Creates `null`.
    public init(nilLiteral: ()) {
        self = .null
    }
}
