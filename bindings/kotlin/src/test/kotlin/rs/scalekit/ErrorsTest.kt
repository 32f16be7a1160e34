package rs.scalekit

import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

class ErrorsTest {
    @BeforeEach
    fun reset() = Emulator.reset()

    @Test
    fun `errors are caught by their own class and by ScalekitException`() = runBlocking<Unit> {
        Emulator.blocking().use { client ->
            val error = assertThrows<ScalekitException.NotFound> { client.organizations.get("org_unknown") }
            assertEquals(error.failure.summary, error.message)
            assertEquals("rs.scalekit.ScalekitException\$NotFound: ${error.failure.summary}", error.toString())
            val same: ScalekitException = error
            assertEquals(404, same.failure.status)
            assertTrue(same.failure.requestId!!.isNotEmpty())
        }
        Emulator.async().use { client ->
            assertThrows<ScalekitException.NotFound> { client.organizations.get("org_unknown") }
        }
    }

    @Test
    fun `invalid arguments are rejected by name before any request`() = runBlocking<Unit> {
        val options = ClientOptions(timeoutSeconds = -1.0)
        val bad = assertThrows<ScalekitException.InvalidArgument> { Emulator.blocking(options) }
        assertTrue(bad.message.startsWith("`timeout_seconds` must be above 0"), bad.message)
        assertThrows<ScalekitException.InvalidArgument> { Emulator.async(options) }
        assertThrows<ScalekitException.InvalidArgument> { ScalekitClient("ftp://x", "a", "b") }
        Emulator.blocking().use { client ->
            assertThrows<ScalekitException.InvalidArgument> { client.organizations.get("") }
            assertThrows<ScalekitException.InvalidArgument> { client.withOptions(CallOptions(timeoutSeconds = 0.0)) }
        }
        assertEquals(0, Emulator.requests("oauth.token").size)
    }

    @Test
    fun `values that are not JSON are rejected`() = runBlocking<Unit> {
        // The only way in Kotlin to create a JsonElement that is not valid JSON.
        val invalid = JsonPrimitive(Double.NaN)
        Emulator.blocking().use { client ->
            val bad = assertThrows<ScalekitException.InvalidArgument> {
                client.request(HttpMethod.POST, "/api/v1/organizations", body = invalid)
            }
            assertTrue(bad.message.contains("json"), bad.message)
        }
        Emulator.async().use { client ->
            assertThrows<ScalekitException.InvalidArgument> {
                client.request(HttpMethod.POST, "/api/v1/organizations", body = invalid)
            }
        }
        assertEquals(0, Emulator.requests("oauth.token").size)
    }

    @Test
    fun `a panic becomes an Internal error and the next call succeeds`() = runBlocking<Unit> {
        Emulator.seedFive()
        Emulator.blocking().use { client ->
            val error = assertThrows<ScalekitException.Internal> { client.panicForTest() }
            assertTrue(error.message.contains("a panic on purpose"), error.message)
            assertEquals("org_1", client.organizations.get("org_1").id)
        }
        Emulator.async().use { client ->
            assertThrows<ScalekitException.Internal> { client.panicForTest() }
            assertEquals("org_1", client.organizations.get("org_1").id)
        }
    }
}
