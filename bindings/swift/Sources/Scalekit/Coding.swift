import Foundation

extension CodingUserInfoKey {
    /// Makes an encoder write secrets, if its `userInfo` contains `true` for this key. Otherwise, they are redacted.
    public static let revealSecrets = CodingUserInfoKey(rawValue: "rs.scalekit.revealSecrets")!
}

/// The name of a field in JSON.
struct WireName: CodingKey, ExpressibleByStringLiteral {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringLiteral name: String) { stringValue = name }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }

    /// The name as a decoder with `convertFromSnakeCase` presents it.
    var inCamelCase: WireName {
        let words = stringValue.split(separator: "_")
        return WireName(stringValue: words.dropFirst().reduce(String(words.first ?? "")) { $0 + $1.capitalized })
    }
}

/// How the values of a type are written into the fields of records, and read. It differs from their own `Codable` in
/// timestamps and numbers, which the formats of an encoder must not change.
protocol WireValue {
    /// The value of a missing field. `nil` if the field is required.
    static var missing: Self? { get }

    /// Whether `null` is a value, and not a missing field.
    static var readsNull: Bool { get }

    /// Whether the field is omitted.
    var isAbsent: Bool { get }

    init(wire decoder: any Decoder) throws

    func write(to encoder: any Encoder) throws
}

extension WireValue {
    static var missing: Self? { nil }
    static var readsNull: Bool { false }
    var isAbsent: Bool { false }
}

extension WireValue where Self: Codable {
    init(wire decoder: any Decoder) throws { try self.init(from: decoder) }

    func write(to encoder: any Encoder) throws { try encode(to: encoder) }
}

/// A value, for the containers of encoders and decoders.
struct Wire<Value: WireValue>: Codable {
    let value: Value

    init(_ value: Value) { self.value = value }

    init(from decoder: any Decoder) throws { value = try Value(wire: decoder) }

    func encode(to encoder: any Encoder) throws { try value.write(to: encoder) }
}

extension KeyedDecodingContainer<WireName> {
    /// The value of a field.
    func value<Value: WireValue>(_ name: WireName, missing: Value? = Value.missing) throws -> Value {
        let key = contains(name) ? name : name.inCamelCase
        if contains(key) {
            let isMissing = try !Value.readsNull && decodeNil(forKey: key)
            if !isMissing { return try decode(Wire<Value>.self, forKey: key).value }
        }
        if let missing { return missing }
        let why = DecodingError.Context(codingPath: codingPath, debugDescription: "\(name.stringValue) is required")
        throw DecodingError.keyNotFound(name, why)
    }

    /// The error for a variant that no case has.
    var unknownVariant: DecodingError {
        .dataCorruptedError(forKey: "variant", in: self, debugDescription: "not the name of a variant")
    }
}

extension KeyedEncodingContainer<WireName> {
    /// Writes a field. Absent ones are omitted.
    mutating func set(_ name: WireName, _ value: some WireValue) throws {
        if !value.isAbsent { try encode(Wire(value), forKey: name) }
    }
}

/// Reads a value of an enumeration whose values are all known.
func closedValue<Value>(of names: [(String, Value)], from decoder: any Decoder) throws -> Value {
    let text = try String(from: decoder)
    if let found = names.first(where: { $0.0 == text }) { return found.1 }
    let expected = names.map(\.0).joined(separator: ", ")
    let why = DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "must be one of \(expected)")
    throw DecodingError.dataCorrupted(why)
}

/// Writes a value of an enumeration whose values are all known.
func writeClosed<Value: Equatable>(_ value: Value, of names: [(String, Value)], to encoder: any Encoder) throws {
    try names.first { $0.1 == value }?.0.encode(to: encoder)
}
