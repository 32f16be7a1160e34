@file:JvmName("Logging")

package rs.scalekit

private val logger: System.Logger by lazy { System.getLogger("rs.scalekit") }

/** Whether calls report the events that the core has collected. */
@Volatile
private var isLogging = false

/**
 * Logs events of this level or above to the `System.Logger` with the name `rs.scalekit`, behind which are the logging
 * framework of the program or `java.util.logging`. The framework has levels of its own.
 *
 * The events of a call are logged on its thread when it ends. They contain operations, status codes and request IDs; never
 * credentials, headers or bodies. Returns false without effect if `logToStderr` was called before.
 */
@JvmOverloads
public fun logToSystemLogger(level: LogLevel = LogLevel.DEBUG): Boolean {
    isLogging = setLogLevel(level)
    return isLogging
}

/** Logs what was collected. Called at the end of each call. */
internal fun logEvents() {
    if (!isLogging) return
    for (event in takeLogEvents()) {
        if (event.dropped > 0) logger.log(System.Logger.Level.WARNING, "${event.dropped} events were dropped")
        logger.log(systemLevel(event.level), line(event))
    }
}

private fun line(event: LogEvent): String {
    val fields = listOf(
        "operation" to event.operation,
        "status" to event.status,
        "request_id" to event.requestId,
        "duration_seconds" to event.durationSeconds,
    )
    return fields.filter { (_, value) -> value != null }
        .joinToString("") { (name, value) -> " $name=$value" }
        .let { event.message + it }
}

private fun systemLevel(level: LogLevel): System.Logger.Level = when (level) {
    LogLevel.ERROR -> System.Logger.Level.ERROR
    LogLevel.WARN -> System.Logger.Level.WARNING
    LogLevel.INFO -> System.Logger.Level.INFO
    LogLevel.DEBUG -> System.Logger.Level.DEBUG
    LogLevel.TRACE -> System.Logger.Level.TRACE
}
