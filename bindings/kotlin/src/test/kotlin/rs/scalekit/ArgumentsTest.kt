package rs.scalekit

import java.time.Instant
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import rs.scalekit.internal.Reader
import rs.scalekit.internal.Writer

/** What crosses the boundary: text, large values, and arguments that cannot be passed on. */
class ArgumentsTest {
    @BeforeEach
    fun reset() = Emulator.reset()

    @Test
    fun `text of any characters and length is passed on`() {
        for (text in listOf("", "a", "é", "€", "\uD83D\uDE00", "a\u0000b", "aé€\uD83D\uDE00\uFFFF".repeat(10_000))) {
            assertEquals(text, SecretText(text).reveal())
        }
    }

    @Test
    fun `arguments and results that are larger than a frame are passed on`() {
        Emulator.seed("""{"connected_accounts": [{"id": "ca_1", "connector": "emulator", "identifier": "ada"}]}""")
        Emulator.blocking().use { client ->
            for (size in listOf(16_000, 16_128, 16_129, 200_000)) {
                val value = JsonObject(mapOf("value" to JsonPrimitive("x".repeat(size))))
                val tool = ExecuteTool("emulator_echo", params = value, connectedAccountId = "ca_1")
                assertEquals(value, client.tools.execute(tool).data)
            }
        }
    }

    @Test
    fun `bytes of any length are verified`() {
        val signer = WebhookSigner("whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnk")
        val verifier = WebhookVerifier(listOf("whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnk"))
        for (size in listOf(0, 1, 16_128, 1_000_000)) {
            val body = ByteArray(size) { it.toByte() }
            assertEquals("msg_1", verifier.verify(signer.sign("msg_1", body), body).id)
        }
    }

    @Test
    fun `a lone surrogate is an invalid argument that is named`() = runBlocking<Unit> {
        Emulator.blocking().use { client ->
            assertInvalid("`id` must not contain a lone surrogate") { client.organizations.get("a\uD800") }
            assertInvalid("`displayName` must not contain a lone surrogate") {
                client.organizations.create(CreateOrganization("\uDC00a"))
            }
            assertInvalid("`metadata.team` must not contain a lone surrogate") {
                client.organizations.create(CreateOrganization("A", metadata = mapOf("team" to "\uD800\uD800")))
            }
        }
        Emulator.async().use { client ->
            assertInvalid("`id` must not contain a lone surrogate") { runBlocking { client.organizations.get("\uD800a") } }
        }
        assertEquals(0, Emulator.requests("organizations.create").size)
    }

    @Test
    fun `null in a collection of Java is an invalid argument that is named`() {
        @Suppress("UNCHECKED_CAST")
        val scopes = java.util.Arrays.asList("openid", null) as List<String>
        assertInvalid("`scopes[1]` must not be null") {
            Emulator.blocking().use { it.login.start(LoginOptions("http://127.0.0.1/callback", scopes)) }
        }
    }

    @Test
    fun `timestamps before and after 1970 are read as written`() {
        val times = listOf(Instant.EPOCH, Instant.ofEpochSecond(1, 5), Instant.ofEpochSecond(-2, 999_999_999), Instant.ofEpochSecond(-1))
        for (time in times) {
            val writer = Writer().apply { instant(time) }
            assertEquals(time, Reader(writer.bytes.copyOf(writer.size)).read { instant() })
        }
    }

    @Test
    fun `bytes that are left over are a defect`() {
        val error = assertThrows<ScalekitException.Internal> { Reader(byteArrayOf(1, 1)).read { boolean() } }
        assertTrue(error.message.contains("more than was read"), error.message)
    }

    private inline fun assertInvalid(message: String, crossinline call: () -> Unit) {
        val error = assertThrows<ScalekitException.InvalidArgument> { call() }
        assertEquals(message, error.message)
        assertEquals(FailureSource.CLIENT, error.failure.source)
    }
}
