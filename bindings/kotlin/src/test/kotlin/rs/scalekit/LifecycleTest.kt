package rs.scalekit

import java.io.File
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.condition.EnabledOnOs
import org.junit.jupiter.api.condition.OS

class LifecycleTest {
    @BeforeEach
    fun reset() {
        Emulator.reset()
        Emulator.seedFive()
    }

    @Test
    fun `use closes the client, its copies and its resources`() = runBlocking<Unit> {
        val blocking = Emulator.blocking()
        val organizations = blocking.organizations
        val copy = blocking.withOptions(CallOptions(timeoutSeconds = 5.0))
        blocking.use { assertEquals("org_1", organizations.get("org_1").id) }
        assertThrows<ScalekitException.Closed> { organizations.get("org_1") }
        assertThrows<ScalekitException.Closed> { copy.organizations.get("org_1") }
        assertThrows<ScalekitException.Closed> { blocking.jwks() }
        assertThrows<ScalekitException.Closed> { blocking.connections }

        val async = Emulator.async()
        val asyncOrganizations = async.organizations
        async.use { assertEquals("org_1", asyncOrganizations.get("org_1").id) }
        assertThrows<ScalekitException.Closed> { asyncOrganizations.get("org_1") }
        assertThrows<ScalekitException.Closed> { async.jwks() }
        assertThrows<ScalekitException.Closed> { async.connections }
    }

    @Test
    fun `closing a client twice has no effect`() {
        for (client in listOf<AutoCloseable>(Emulator.blocking(), Emulator.async())) {
            client.close()
            client.close()
        }
    }

    @Test
    fun `an exception inside use is rethrown without suppressed exceptions`() {
        val error = assertThrows<IllegalStateException> { Emulator.blocking().use { error("mine") } }
        assertEquals("mine", error.message)
        assertTrue(error.suppressed.isEmpty())
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    fun `creating a thousand clients starts no thread`() {
        fun ownThreads() = File("/proc/self/task").listFiles().orEmpty().count {
            runCatching { File(it, "comm").readText().startsWith("scalekit") }.getOrDefault(false)
        }
        Emulator.blocking().use { it.organizations.list() }
        runBlocking { Emulator.async().use { it.organizations.list() } }
        val before = ownThreads()
        repeat(500) {
            Emulator.blocking()
            Emulator.async()
        }
        assertEquals(before, ownThreads())
    }

    @Test
    fun `a resource accessor returns the same object every time`() = Emulator.blocking().use { client ->
        assertTrue(client.organizations === client.organizations)
        assertFalse(client.organizations as Any is AutoCloseable)
    }
}
