// Stand-ins for loggers on which the package does not depend, with the signatures that README.md uses.

/// Of swift-log, `Logger.log(level:_:metadata:)`.
enum SwiftLog {
    static let lines = Locked<[String]>([])

    struct Logger: Sendable {
        enum Level: Sendable { case trace, debug, info, notice, warning, error, critical }

        struct Message: ExpressibleByStringInterpolation, Sendable {
            let text: String
            init(stringLiteral text: String) { self.text = text }
        }

        struct MetadataValue: ExpressibleByStringInterpolation, Sendable {
            let text: String
            init(stringLiteral text: String) { self.text = text }
        }

        let label: String

        func log(
            level: Level, _ message: @autoclosure () -> Message, metadata: @autoclosure () -> [String: MetadataValue]? = nil
        ) {
            let pairs = (metadata() ?? [:]).map { "\($0.key): \($0.value.text)" }
            let line = "\(label) \(level) \(message().text) [\(pairs.sorted().joined(separator: ", "))]"
            SwiftLog.lines.change { $0.append(line) }
        }
    }
}

#if !canImport(os)
/// Of Apple's `os`, `Logger.log(level:_:)`.
enum OSLog {
    static let lines = Locked<[String]>([])

    enum OSLogType: Sendable { case `default`, info, debug, error, fault }

    enum Privacy { case `public`, `private` }

    struct Message: ExpressibleByStringInterpolation {
        struct Interpolation: StringInterpolationProtocol {
            var text = ""
            init(literalCapacity: Int, interpolationCount: Int) {}
            mutating func appendLiteral(_ literal: String) { text += literal }
            mutating func appendInterpolation<Value: CustomStringConvertible>(
                _ value: @autoclosure @escaping () -> Value, privacy: Privacy
            ) {
                text += privacy == .public ? value().description : "<private>"
            }
        }

        let text: String
        init(stringLiteral text: String) { self.text = text }
        init(stringInterpolation: Interpolation) { text = stringInterpolation.text }
    }

    struct Logger: Sendable {
        let subsystem: String
        let category: String

        func log(level: OSLogType, _ message: Message) {
            OSLog.lines.change { $0.append("\(subsystem) \(category) \(level) \(message.text)") }
        }
    }
}
#endif
