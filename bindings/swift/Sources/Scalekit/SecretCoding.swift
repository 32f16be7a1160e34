import Foundation

// Secrets are redacted, unless the encoder has `revealSecrets`. Redacted sessions and transactions cannot be read.

extension SecretText: Codable, WireValue {
    /// Decodes a string.
    public convenience init(from decoder: any Decoder) throws {
        self.init(text: try String(from: decoder))
    }

    /// Encodes the string if the encoder reveals secrets, and otherwise a redacted text.
    public func encode(to encoder: any Encoder) throws {
        try (encoder.revealsSecrets ? reveal() : description).encode(to: encoder)
    }
}

extension SecretJson: Codable, WireValue {
    /// Decodes any JSON value.
    public convenience init(from decoder: any Decoder) throws {
        try self.init(json: JSONValue(from: decoder))
    }

    /// Encodes the value if the encoder reveals secrets, and otherwise a redacted text.
    public func encode(to encoder: any Encoder) throws {
        try (encoder.revealsSecrets ? reveal() : .string(description)).encode(to: encoder)
    }
}

extension LoginSession: Codable, WireValue {
    /// Decodes the text of `toText`.
    public convenience init(from decoder: any Decoder) throws {
        let session = try saved(decoder) { try LoginSession.fromText($0) }
        self.init(unsafeFromHandle: session.uniffiCloneHandle())
    }

    /// Encodes the text of `toText` if the encoder reveals secrets, and otherwise a redacted text.
    public func encode(to encoder: any Encoder) throws {
        try (encoder.revealsSecrets ? toText().reveal() : description).encode(to: encoder)
    }
}

extension LoginTransaction: Codable, WireValue {
    /// Decodes the text of `toText`.
    public convenience init(from decoder: any Decoder) throws {
        let transaction = try saved(decoder) { try LoginTransaction.fromText($0) }
        self.init(unsafeFromHandle: transaction.uniffiCloneHandle())
    }

    /// Encodes the text of `toText` if the encoder reveals secrets, and otherwise a redacted text.
    public func encode(to encoder: any Encoder) throws {
        try (encoder.revealsSecrets ? toText().reveal() : description).encode(to: encoder)
    }
}

extension Encoder {
    fileprivate var revealsSecrets: Bool { userInfo[.revealSecrets] as? Bool == true }
}

/// Reads an object from its text, which no error may contain.
private func saved<Object>(_ decoder: any Decoder, read: (SecretText) throws -> Object) throws -> Object {
    let text = SecretText(text: try String(from: decoder))
    do {
        return try read(text)
    } catch {
        let why = DecodingError.Context(
            codingPath: decoder.codingPath, debugDescription: "must be the revealed text of `toText`")
        throw DecodingError.dataCorrupted(why)
    }
}
