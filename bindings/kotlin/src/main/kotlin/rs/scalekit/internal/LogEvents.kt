package rs.scalekit.internal

import rs.scalekit.LogLevel

/** Passes the events that the core has collected on to the `System.Logger`. */
internal object LogEvents {
    private val logger: System.Logger by lazy { System.getLogger("rs.scalekit") }

    /** Whether calls report events. */
    @Volatile
    var isLogging = false

    fun setLevel(level: LogLevel): Boolean = setLogLevel(level)

    fun logCollected() {
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
}

/** Logs what was collected. Called at the end of each call. */
internal fun logEvents() {
    if (LogEvents.isLogging) LogEvents.logCollected()
}
