package rs.scalekit

import java.io.ByteArrayOutputStream
import java.io.ObjectInputStream
import java.io.ObjectOutputStream
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
        assertTrue(bad.message.startsWith("`timeoutSeconds` must be greater than 0"), bad.message)
        assertThrows<ScalekitException.InvalidArgument> { Emulator.async(options) }
        assertThrows<ScalekitException.InvalidArgument> { ScalekitClient("ftp://x", "a", "b") }
        Emulator.blocking().use { client ->
            assertThrows<ScalekitException.InvalidArgument> { client.organizations.get("") }
            assertThrows<ScalekitException.InvalidArgument> { client.withOptions(CallOptions(timeoutSeconds = 0.0)) }
        }
        assertEquals(0, Emulator.requests("oauth.token").size)
    }

    @Test
    fun `errors can be serialized`() = Emulator.blocking().use { client ->
        val error = assertThrows<ScalekitException> { client.organizations.get("org_unknown") }
        val bytes = ByteArrayOutputStream()
        ObjectOutputStream(bytes).use { it.writeObject(error) }
        val read = ObjectInputStream(bytes.toByteArray().inputStream()).use { it.readObject() }
        assertEquals(error.failure, (read as ScalekitException.NotFound).failure)
        assertEquals(error.message, read.message)
    }

    @Test
    fun `messages name arguments as Kotlin spells them`() = Emulator.blocking().use { client ->
        val name = assertThrows<ScalekitException.InvalidArgument> { client.organizations.create(CreateOrganization("")) }
        assertTrue(name.message.contains("displayName"), name.message)
        assertEquals(name.failure.summary, name.message)
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
}
