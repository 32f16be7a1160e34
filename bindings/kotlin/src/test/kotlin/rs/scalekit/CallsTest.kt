package rs.scalekit

import java.net.InetAddress
import java.net.ServerSocket
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Cancellation, deadlines, connections that died, and who we say we are. */
class CallsTest {
    @BeforeEach
    fun reset() {
        Emulator.reset()
        Emulator.seedFive()
    }

    @Test
    fun `cancelling a coroutine closes its request`() = runBlocking<Unit> {
        Emulator.fault("""{"operation": "organizations.get", "kind": "delay", "forever": true}""")
        Emulator.async().use { client ->
            var thrown: Throwable? = null
            val call = launch(Dispatchers.Default) {
                try {
                    client.organizations.get("org_1")
                } catch (error: CancellationException) {
                    thrown = error
                    throw error
                }
            }
            Emulator.wait("organizations.get", count = 1)
            call.cancelAndJoin()
            Emulator.wait("organizations.get", count = 1, aborted = 1)
            assertTrue(thrown is CancellationException, "$thrown")
            assertEquals("org_1", client.organizations.get("org_1").id)
        }
    }

    @Test
    fun `a cancelled call leaves the token to those who wait with it`() = runBlocking<Unit> {
        Emulator.fault("""{"operation": "oauth.token", "kind": "delay", "ms": 300}""")
        Emulator.async().use { client ->
            val first = launch(Dispatchers.Default) { client.organizations.get("org_1") }
            Emulator.wait("oauth.token", count = 1)
            val second = async(Dispatchers.Default) { client.organizations.get("org_2") }
            first.cancelAndJoin()
            assertEquals("org_2", second.await().id)
            assertEquals(1, Emulator.requests("oauth.token").size)
            assertEquals(0, Emulator.requests("organizations.get").count { it.text("path").endsWith("org_1") })
        }
    }

    @Test
    fun `a server that never answers ends in Timeout, whatever is called`() = runBlocking<Unit> {
        val short = ClientOptions(timeoutSeconds = 0.2)
        ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")).use { silent ->
            val url = "http://127.0.0.1:${silent.localPort}"
            // Without a token yet, so that it is the token call that hangs.
            ScalekitClient(url, "id", "secret", short).use { client ->
                assertThrows<ScalekitException.Timeout> { client.organizations.get("org_1") }
                assertThrows<ScalekitException.Timeout> { client.jwks() }
            }
            AsyncScalekitClient(url, "id", "secret", short).use { client ->
                assertThrows<ScalekitException.Timeout> { client.organizations.get("org_1") }
                assertThrows<ScalekitException.Timeout> { client.jwks() }
            }
        }
    }

    @Test
    fun `an API call that hangs behind a good token ends in Timeout`() = runBlocking<Unit> {
        val forever = """{"operation": "organizations.get", "kind": "delay", "forever": true, "count": 10}"""
        Emulator.fault(forever)
        Emulator.blocking().use { client ->
            val hasty = client.withOptions(CallOptions(timeoutSeconds = 0.2))
            client.organizations.list()
            val error = assertThrows<ScalekitException.Timeout> { hasty.organizations.get("org_1") }
            assertEquals("organizations.get", error.failure.operation)
        }
        Emulator.async().use { client ->
            val hasty = client.withOptions(CallOptions(timeoutSeconds = 0.2))
            client.organizations.list()
            assertThrows<ScalekitException.Timeout> { hasty.organizations.get("org_1") }
        }
    }

    @Test
    fun `a connection that died while it was idle costs nothing`() = runBlocking<Unit> {
        fun closeIdle(operation: String) =
            Emulator.fault("""{"operation": "$operation", "kind": "close_idle"}""")
        Emulator.blocking().use { client ->
            closeIdle("organizations.list")
            client.organizations.list()
            assertEquals("org_1", client.organizations.get("org_1").id)
            closeIdle("organizations.list")
            client.organizations.list()
            // A read in between, which may be tried again: the closing may still be on its way to us.
            client.organizations.get("org_1")
            client.organizations.create(CreateOrganization("Once"))
        }
        assertEquals(1, Emulator.requests("organizations.create").size)
        Emulator.async().use { client ->
            closeIdle("organizations.list")
            client.organizations.list()
            assertEquals("org_1", client.organizations.get("org_1").id)
            closeIdle("organizations.list")
            client.organizations.list()
            client.organizations.get("org_1")
            client.organizations.create(CreateOrganization("Once more"))
        }
        assertEquals(2, Emulator.requests("organizations.create").size)
    }

    @Test
    fun `the user-agent names Kotlin`() = runBlocking<Unit> {
        Emulator.blocking().use { it.organizations.list() }
        Emulator.async().use { it.organizations.list() }
        val headers = Emulator.requests("organizations.list").map { it.getValue("headers").jsonObject }
        val agents = headers.map { it.text("user-agent") }
        assertEquals(2, agents.size)
        val expected = Regex("""scalekit-rs/[0-9.]+ \(kotlin/${KotlinVersion.CURRENT}; [a-z]+; [a-z0-9_]+\)""")
        agents.forEach { assertTrue(expected.matches(it), it) }
    }

    @Test
    fun `the operations are listed`() {
        val get = operations().single { it.id == "organizations.get" }
        assertEquals(OperationInfo("organizations.get", "GET", "/api/v1/organizations/{id}"), get)
    }
}
