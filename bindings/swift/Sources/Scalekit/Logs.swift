// Log events, for a handler of the application.

/// A log event: a response with its status, a retry, or a failure. Never contains credentials, headers or bodies.
public struct LogEvent: Equatable, Hashable, Sendable, CustomStringConvertible {
    /// The level.
    public let level: LogLevel
    /// The message, followed by what the other properties do not contain, as `name=value`. The text of an error can
    /// contain line breaks, which `description` escapes.
    public let message: String
    /// The operation, such as `organizations.get`.
    public let operation: String?
    /// The HTTP status code.
    public let status: Int32?
    /// The request ID.
    public let requestId: String?
    /// The duration of the request, in seconds.
    public let durationSeconds: Double?

    /// Creates an event, for tests of a log handler.
    public init(
        level: LogLevel, message: String, operation: String? = nil, status: Int32? = nil, requestId: String? = nil,
        durationSeconds: Double? = nil
    ) {
        self.level = level
        self.message = message
        self.operation = operation
        self.status = status
        self.requestId = requestId
        self.durationSeconds = durationSeconds
    }

    /// The event on one line, without its level: the message, and the properties that have a value as `name=value`.
    /// Control characters are escaped.
    public var description: String {
        let properties: [(name: String, value: String?)] = [
            ("operation", operation), ("status", status.map { "\($0)" }), ("request_id", requestId),
            ("duration_seconds", durationSeconds.map { "\($0)" }),
        ]
        let present = properties.compactMap { property in property.value.map { "\(property.name)=\($0)" } }
        return oneLine(([message] + present).joined(separator: " "))
    }
}

/// Passes log events of this level or above to a handler, for all clients of the process. Replaces the handler that was
/// set before.
///
/// Each level includes the ones before it: `error`, `warn`, `info`, `debug`, `trace`. Level `warn` has retries, and failures
/// without an effect on a call; level `debug` has each response.
///
/// The handler is called synchronously on the thread that caused the event, often a thread of the library, and on several
/// threads at the same time. The call waits for the handler, so it must return soon and must not wait for another call.
/// Every event is passed on once, except that:
///
/// - Events that the handler itself causes are dropped. A blocking call inside it fails with `blockingInAsync`. A call in a
///   `Task` that it starts is logged like any other, and calls the handler again.
/// - A call of a handler that is replaced or removed meanwhile is completed. The handler is released after its last call.
///
/// Events contain operations, status codes and request IDs; never credentials, headers or bodies.
///
/// Returns false without effect if the process logs to standard error already, through `logToStderr` or `SCALEKIT_LOG`.
/// After a handler was set, even if it was removed, these have no effect.
@discardableResult
public func setLogHandler(level: LogLevel, _ handler: @escaping @Sendable (LogEvent) -> Void) -> Bool {
    setLogHandler(level: level, handler: ClosureHandler(handler: handler))
}

/// Removes the log handler, if there is one. Another thread may still be calling it; later events are ignored.
public func removeLogHandler() {
    clearLogHandler()
}

/// The handler that the core calls.
private final class ClosureHandler: LogHandler {
    let handler: @Sendable (LogEvent) -> Void

    init(handler: @escaping @Sendable (LogEvent) -> Void) {
        self.handler = handler
    }

    func handle(event: CoreLogEvent) {
        handler(LogEvent(
            level: event.level, message: event.message, operation: event.operation, status: event.status,
            requestId: event.requestId, durationSeconds: event.durationSeconds))
    }
}

/// Escapes control characters: text of the service must not begin a line that looks like another event.
private func oneLine(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { line, scalar in
        if scalar.properties.generalCategory == .control {
            line += escaped(scalar)
        } else {
            line.unicodeScalars.append(scalar)
        }
    }
}

/// Escapes a control character as the core does on standard error.
private func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": #"\n"#
    case "\r": #"\r"#
    case "\t": #"\t"#
    default: #"\u{\#(String(scalar.value, radix: 16))}"#
    }
}
