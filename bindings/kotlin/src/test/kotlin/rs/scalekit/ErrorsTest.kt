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
    fun `each kind is caught by its own class, and all by one`() = runBlocking<Unit> {
        Emulator.blocking().use { client ->
            val error = assertThrows<ScalekitException.NotFound> { client.organizations.get("org_nobody") }
            assertEquals(error.failure.summary, error.message)
            assertEquals("rs.scalekit.ScalekitException\$NotFound: ${error.failure.summary}", error.toString())
            val same: ScalekitException = error
            assertEquals(404, same.failure.status)
            assertTrue(same.failure.requestId!!.isNotEmpty())
        }
        Emulator.async().use { client ->
            assertThrows<ScalekitException.NotFound> { client.organizations.get("org_nobody") }
        }
    }

    @Test
    fun `bad arguments are named before anything is sent`() = runBlocking<Unit> {
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
    fun `JSON that is none is refused`() = runBlocking<Unit> {
        // The only way in Kotlin to a JsonElement that is no JSON.
        val none = JsonPrimitive(Double.NaN)
        Emulator.blocking().use { client ->
            val bad = assertThrows<ScalekitException.InvalidArgument> {
                client.request(HttpMethod.POST, "/api/v1/organizations", body = none)
            }
            assertTrue(bad.message.contains("json"), bad.message)
        }
        Emulator.async().use { client ->
            assertThrows<ScalekitException.InvalidArgument> {
                client.request(HttpMethod.POST, "/api/v1/organizations", body = none)
            }
        }
        assertEquals(0, Emulator.requests("oauth.token").size)
    }

    @Test
    fun `a panic inside is an Internal error, and the next call works`() = runBlocking<Unit> {
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
