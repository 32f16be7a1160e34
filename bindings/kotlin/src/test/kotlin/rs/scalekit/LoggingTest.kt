package rs.scalekit

import java.util.logging.Handler
import java.util.logging.Level
import java.util.logging.LogRecord
import java.util.logging.Logger
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** A separate program, since a process logs to one place. */
object LoggingProgram {
    @JvmStatic
    fun main(arguments: Array<String>) {
        check(arguments.isEmpty())
        val logger = Logger.getLogger("rs.scalekit").apply {
            level = Level.ALL
            useParentHandlers = false
            addHandler(Printer)
        }
        check(logToSystemLogger(LogLevel.DEBUG) && !logToStderr(LogLevel.DEBUG))
        ScalekitClient.fromEnv().use { it.organizations.list() }
        runBlocking { AsyncScalekitClient.fromEnv().use { runCatching { it.organizations.get("org_unknown") } } }
        check(logger.handlers.isNotEmpty())
    }

    private object Printer : Handler() {
        override fun publish(record: LogRecord) = println("${record.level} ${record.message}")

        override fun flush() = Unit

        override fun close() = Unit
    }
}

class LoggingTest {
    @Test
    fun `requests are logged to the system logger without secrets`() {
        Emulator.reset()
        val (code, printed) = program("rs.scalekit.LoggingProgram")
        assertEquals(0, code, printed)
        for (operation in listOf("organizations.list", "organizations.get")) {
            assertTrue(printed.lines().any { it.startsWith("FINE ") && operation in it }, "$operation: $printed")
        }
        assertTrue(Emulator.clientSecret !in printed, printed)
    }
}
