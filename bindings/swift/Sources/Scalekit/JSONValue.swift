import Foundation

/// An arbitrary JSON value.
///
/// ```swift
/// let body: JSONValue = ["display_name": "Acme", "seats": 7, "tags": ["eu", nil]]
/// body["display_name"]?.string   // "Acme"
/// body["tags"]?[0]               // "eu"
/// ```
///
/// Integers that fit into an `Int64` are `integer`, larger ones are `bigInteger` with all their digits; both are exact. All
/// other numbers are `number`. `JSONValue(encoding:)` converts from any `Encodable` type, and `decode` to any `Decodable`
/// type. Keys are written in sorted order, since a Swift dictionary has none.
public enum JSONValue: Sendable, Hashable {
    /// An object.
    case object([String: JSONValue])
    /// An array.
    case array([JSONValue])
    /// A string.
    case string(String)
    /// An integer.
    case integer(Int64)
    /// An integer beyond `Int64`, as decimal digits with an optional minus sign. Sending anything else in it fails with
    /// `invalidArgument`.
    case bigInteger(String)
    /// A number with a fraction or an exponent, or negative zero. JSON has neither infinity nor NaN: sending one fails with
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
        case .bigInteger(let digits): Double(digits)
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
            let isNegativeZero = value == 0 && (try? container.decode(Double.self))?.sign == .minus
            self = isNegativeZero ? .number(-0.0) : .integer(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .bigInteger(String(value))
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
        case .bigInteger(let digits):
            // What an encoder can write exactly.
            guard isInteger(digits), digits.count <= 38, let value = Decimal(string: digits) else {
                let why = EncodingError.Context(codingPath: encoder.codingPath, debugDescription: "not an integer of at most 38 digits")
                throw EncodingError.invalidValue(digits, why)
            }
            try container.encode(value)
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
    public var description: String {
        let text = forCore
        return text.isEmpty ? "JSONValue(cannot be written as JSON)" : text
    }

    init(fromCore text: String) throws {
        var parser = JSONParser(text)
        self = try parser.whole()
    }

    /// The JSON text for the core. Empty if the value is not valid JSON; the core then rejects the argument by name.
    var forCore: String {
        var text = ""
        return write(to: &text, depth: 0) ? text : ""
    }

    /// Written here because Foundation's encoder writes `-0.0` as `-0` and has no integers beyond 64 bits.
    private func write(to text: inout String, depth: Int) -> Bool {
        // Deeper than the core accepts, so that no value overflows the stack.
        if depth > 200 { return false }
        switch self {
        case .object(let values):
            text += "{"
            for (index, (key, value)) in values.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { text += "," }
                quote(key, to: &text)
                text += ":"
                guard value.write(to: &text, depth: depth + 1) else { return false }
            }
            text += "}"
        case .array(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += "," }
                guard value.write(to: &text, depth: depth + 1) else { return false }
            }
            text += "]"
        case .string(let value): quote(value, to: &text)
        case .integer(let value): text += String(value)
        case .bigInteger(let digits):
            guard isInteger(digits) else { return false }
            text += digits
        case .number(let value):
            guard value.isFinite else { return false }
            // The shortest digits that are read as the same number.
            text += value.description
        case .bool(let value): text += value ? "true" : "false"
        case .null: text += "null"
        }
        return true
    }
}

/// Whether the text is a JSON integer.
private func isInteger(_ digits: String) -> Bool {
    let unsigned = digits.utf8.first == UInt8(ascii: "-") ? digits.utf8.dropFirst() : digits.utf8[...]
    let isDecimal = !unsigned.isEmpty && unsigned.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return isDecimal && (unsigned.count == 1 || unsigned.first != UInt8(ascii: "0"))
}

private func quote(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
        switch scalar {
        case "\"": text += "\\\""
        case "\\": text += "\\\\"
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "\t": text += "\\t"
        case _ where scalar.value < 0x20:
            let hex = String(scalar.value, radix: 16)
            text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        default: text.unicodeScalars.append(scalar)
        }
    }
    text += "\""
}

/// Parses the core's JSON: Foundation's decoder reads `-0.0` as an integer and integers beyond 64 bits as `Double`.
private struct JSONParser {
    private let bytes: [UInt8]
    private var at = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    mutating func whole() throws -> JSONValue {
        let value = try self.value()
        guard next == nil else { throw malformed }
        return value
    }

    private var malformed: DecodingError {
        .dataCorrupted(.init(codingPath: [], debugDescription: "not JSON at byte \(at)"))
    }

    /// The next byte that is not white space.
    private var next: UInt8? {
        mutating get {
            while at < bytes.count, [0x20, 0x0a, 0x0d, 0x09].contains(bytes[at]) { at += 1 }
            return at < bytes.count ? bytes[at] : nil
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        at += 1
        return true
    }

    private mutating func value() throws -> JSONValue {
        switch next {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws -> JSONValue {
        let end = at + word.utf8.count
        guard end <= bytes.count, bytes[at..<end].elementsEqual(word.utf8) else { throw malformed }
        at = end
        return value
    }

    private mutating func object() throws -> JSONValue {
        at += 1
        var values: [String: JSONValue] = [:]
        if take(UInt8(ascii: "}")) { return .object(values) }
        repeat {
            guard next == UInt8(ascii: "\"") else { throw malformed }
            let key = try string()
            guard take(UInt8(ascii: ":")) else { throw malformed }
            values[key] = try value()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw malformed }
        return .object(values)
    }

    private mutating func array() throws -> JSONValue {
        at += 1
        var values: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return .array(values) }
        repeat { values.append(try value()) } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw malformed }
        return .array(values)
    }

    private mutating func number() throws -> JSONValue {
        let begin = at
        while at < bytes.count, isPartOfNumber(bytes[at]) { at += 1 }
        let text = String(decoding: bytes[begin..<at], as: UTF8.self)
        if isInteger(text), text != "-0" { return Int64(text).map(JSONValue.integer) ?? .bigInteger(text) }
        guard let value = Double(text), value.isFinite else { throw malformed }
        if let whole = Int64(exactly: value), !(value == 0 && value.sign == .minus) { return .integer(whole) }
        return .number(value)
    }

    private func isPartOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    private mutating func string() throws -> String {
        at += 1
        let begin = at
        while at < bytes.count, bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\") { at += 1 }
        var text = Array(bytes[begin..<at])
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
            if bytes[at] == UInt8(ascii: "\\") {
                at += 1
                try escaped(to: &text)
            } else {
                text.append(bytes[at])
                at += 1
            }
        }
        guard at < bytes.count else { throw malformed }
        at += 1
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func escaped(to text: inout [UInt8]) throws {
        guard at < bytes.count else { throw malformed }
        let byte = bytes[at]
        at += 1
        switch byte {
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xd800..<0xdc00).contains(code) {
                // The first half of a character beyond 16 bits.
                guard try word("\\u", .null).isNull else { throw malformed }
                code = 0x10000 + (code - 0xd800) << 10 + (try hexadecimal() &- 0xdc00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw malformed }
            text.append(contentsOf: String(scalar).utf8)
        default: text.append(byte)
        }
    }

    private mutating func hexadecimal() throws -> UInt32 {
        guard at + 4 <= bytes.count, let code = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16) else {
            throw malformed
        }
        at += 4
        return code
    }
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
