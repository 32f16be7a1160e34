@file:JvmName("Logging")

package rs.scalekit

import rs.scalekit.internal.LogEvents

/**
 * Logs events of this level or above to the `System.Logger` with the name `rs.scalekit`, behind which are the logging
 * framework of the program or `java.util.logging`. The framework has levels of its own.
 *
 * The events of a call are logged on its thread when it ends. They contain operations, status codes and request IDs; never
 * credentials, headers or bodies. Returns false without effect if `logToStderr` was called before.
 */
@JvmOverloads
public fun logToSystemLogger(level: LogLevel = LogLevel.DEBUG): Boolean {
    LogEvents.isLogging = LogEvents.setLevel(level)
    return LogEvents.isLogging
}
