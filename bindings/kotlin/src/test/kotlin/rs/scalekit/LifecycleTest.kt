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
    fun `use closes the client, and all that came from it`() = runBlocking<Unit> {
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
    fun `closing twice does no harm`() {
        for (client in listOf<AutoCloseable>(Emulator.blocking(), Emulator.async())) {
            client.close()
            client.close()
        }
    }

    @Test
    fun `an error inside of use is the one that comes out`() {
        val error = assertThrows<IllegalStateException> { Emulator.blocking().use { error("mine") } }
        assertEquals("mine", error.message)
        assertTrue(error.suppressed.isEmpty())
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    fun `a thousand clients start no thread`() {
        fun ours() = File("/proc/self/task").listFiles().orEmpty().count {
            runCatching { File(it, "comm").readText().startsWith("scalekit") }.getOrDefault(false)
        }
        Emulator.blocking().use { it.organizations.list() }
        runBlocking { Emulator.async().use { it.organizations.list() } }
        val before = ours()
        repeat(500) {
            Emulator.blocking()
            Emulator.async()
        }
        assertEquals(before, ours())
    }

    @Test
    fun `an area is made once`() = Emulator.blocking().use { client ->
        assertTrue(client.organizations === client.organizations)
        assertFalse(client.organizations as Any is AutoCloseable)
    }
}
