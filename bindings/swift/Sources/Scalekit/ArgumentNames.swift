extension Failure {
    /// The failure of an invalid argument, with the names of arguments as Swift spells them.
    func withSwiftNames() -> Failure {
        Failure(
            summary: swiftNames(in: summary), operation: operation, status: status, code: code, requestId: requestId,
            retryAfterSeconds: retryAfterSeconds, retryable: retryable, fieldViolations: fieldViolations, source: source)
    }
}

/// Returns a message of the core with the names of arguments as Swift spells them: `display_name` becomes `displayName`.
///
/// Names are between backquotes. Other text there, such as `SCALEKIT_CLIENT_ID`, is unchanged.
func swiftNames(in message: String) -> String {
    let parts = message.split(separator: "`", omittingEmptySubsequences: false)
    // Every second part is between backquotes, except the last one if its backquote has no partner.
    let written = parts.enumerated().map { index, part in
        index % 2 == 1 && index < parts.count - 1 && isName(part) ? camelCase(part) : String(part)
    }
    return written.joined(separator: "`")
}

/// Whether text is a name or a path of names as the core writes them, such as `users[3].display_name`.
private func isName(_ text: Substring) -> Bool {
    text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: "]"): true
        default: false
        }
    }
}

private func camelCase(_ name: Substring) -> String {
    let words = name.split(separator: "_", omittingEmptySubsequences: false)
    let later = words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }
    return (words.prefix(1).map(String.init) + later).joined()
}
