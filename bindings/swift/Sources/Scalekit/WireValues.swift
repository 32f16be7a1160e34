import Foundation

// How values that are not records are written into their fields, and read.

extension String: WireValue {
    static var missing: String? { "" }
}

extension Bool: WireValue {
    static var missing: Bool? { false }
}

extension JSONValue: WireValue {
    static var missing: JSONValue? { .null }
    static var readsNull: Bool { true }
}

extension Int32: WireValue {
    static var missing: Int32? { 0 }

    init(wire decoder: any Decoder) throws { self = try number(from: decoder) }
}

extension Int64: WireValue {
    static var missing: Int64? { 0 }

    init(wire decoder: any Decoder) throws { self = try number(from: decoder) }
}

extension Double: WireValue {
    static var missing: Double? { 0 }

    init(wire decoder: any Decoder) throws { self = try number(from: decoder) }
}

/// Reads a number. The service writes those of 64 bits as text, too.
private func number<Number: Decodable & LosslessStringConvertible>(from decoder: any Decoder) throws -> Number {
    let container = try decoder.singleValueContainer()
    guard let text = try? container.decode(String.self) else { return try container.decode(Number.self) }
    if let value = Number(text) { return value }
    throw DecodingError.dataCorruptedError(in: container, debugDescription: "must be a number in its range")
}

extension Date: WireValue {
    static var missing: Date? { Date(timeIntervalSince1970: 0) }

    init(wire decoder: any Decoder) throws {
        guard let date = Date(rfc3339: try String(from: decoder)) else {
            let why = DecodingError.Context(
                codingPath: decoder.codingPath, debugDescription: "must be a timestamp as in RFC 3339")
            throw DecodingError.dataCorrupted(why)
        }
        self = date
    }

    func write(to encoder: any Encoder) throws { try rfc3339.encode(to: encoder) }

    /// Reads a timestamp. Foundation's formatter reads it either with a fraction or without one, so that the fraction is
    /// read here.
    init?(rfc3339 text: String) {
        var whole = text
        var fraction = 0.0
        if let point = text.firstIndex(of: ".") {
            let digits = text[text.index(after: point)...].prefix { $0.isASCII && $0.isNumber }
            guard let read = Double("0." + digits), !digits.isEmpty else { return nil }
            fraction = read
            whole.removeSubrange(point..<digits.endIndex)
        }
        guard let seconds = ISO8601DateFormatter().date(from: whole) else { return nil }
        self = seconds.addingTimeInterval(fraction)
    }

    /// The timestamp in UTC, with the fewest digits that are read back as the same `Date`.
    var rfc3339: String {
        let seconds = timeIntervalSinceReferenceDate.rounded(.down)
        let (whole, rest) = (Date(timeIntervalSinceReferenceDate: seconds), timeIntervalSinceReferenceDate - seconds)
        let text = ISO8601DateFormatter().string(from: whole)
        if rest == 0 { return text }
        let fractions = (1...9).lazy.map { fraction(rest, digits: $0) }
        let exact = fractions.first { whole.addingTimeInterval(Double("0." + $0) ?? 0) == self }
        return text.dropLast() + ".\(exact ?? fraction(rest, digits: 9))Z"
    }
}

/// The first digits of a number below 1, rounded.
private func fraction(_ number: Double, digits: Int) -> String {
    let most = (0..<digits).reduce(Int64(1)) { power, _ in power * 10 }
    let rounded = min(Int64((number * Double(most)).rounded()), most - 1)
    return String(String(most + rounded).dropFirst())
}

extension Optional: WireValue where Wrapped: WireValue {
    static var missing: Wrapped?? { .some(nil) }
    var isAbsent: Bool { if case .none = self { true } else { false } }

    init(wire decoder: any Decoder) throws {
        self = try decoder.singleValueContainer().decodeNil() ? nil : Wrapped(wire: decoder)
    }

    func write(to encoder: any Encoder) throws {
        if let value = self { return try value.write(to: encoder) }
        var container = encoder.singleValueContainer()
        try container.encodeNil()
    }
}

extension Array: WireValue where Element: WireValue {
    static var missing: [Element]? { [] }

    init(wire decoder: any Decoder) throws { self = try [Wire<Element>](from: decoder).map(\.value) }

    func write(to encoder: any Encoder) throws { try map { Wire($0) }.encode(to: encoder) }
}

extension Dictionary: WireValue where Key == String, Value: WireValue {
    static var missing: [String: Value]? { [:] }

    // Through a container: only then do encoders and decoders leave the keys as they are.

    init(wire decoder: any Decoder) throws {
        self = try decoder.singleValueContainer().decode([String: Wire<Value>].self).mapValues(\.value)
    }

    func write(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(mapValues { Wire($0) })
    }
}
