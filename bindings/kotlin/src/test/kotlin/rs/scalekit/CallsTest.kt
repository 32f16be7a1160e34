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

/** Cancellation, timeouts, closed idle connections, and the `user-agent`. */
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
    fun `a cancelled call does not cancel the token request that other calls wait for`() = runBlocking<Unit> {
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
    fun `calls to a server that never responds fail with Timeout`() = runBlocking<Unit> {
        val short = ClientOptions(timeoutSeconds = 0.2)
        ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")).use { silent ->
            val url = "http://127.0.0.1:${silent.localPort}"
            // There is no token yet, so the token request hangs.
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
    fun `a call that hangs after the token was fetched fails with Timeout`() = runBlocking<Unit> {
        Emulator.fault("""{"operation": "organizations.get", "kind": "delay", "forever": true, "count": 10}""")
        Emulator.blocking().use { client ->
            val impatient = client.withOptions(CallOptions(timeoutSeconds = 0.2))
            client.organizations.list()
            val error = assertThrows<ScalekitException.Timeout> { impatient.organizations.get("org_1") }
            assertEquals("organizations.get", error.failure.operation)
        }
        Emulator.async().use { client ->
            val impatient = client.withOptions(CallOptions(timeoutSeconds = 0.2))
            client.organizations.list()
            assertThrows<ScalekitException.Timeout> { impatient.organizations.get("org_1") }
        }
    }

    @Test
    fun `calls succeed after the server closed an idle connection`() = runBlocking<Unit> {
        fun closeIdle(operation: String) =
            Emulator.fault("""{"operation": "$operation", "kind": "close_idle"}""")
        Emulator.blocking().use { client ->
            closeIdle("organizations.list")
            client.organizations.list()
            assertEquals("org_1", client.organizations.get("org_1").id)
            closeIdle("organizations.list")
            client.organizations.list()
            // The client may not have seen the close yet. A read, unlike a write, can be retried.
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
    fun `operations lists the known operations`() {
        val get = operations().single { it.id == "organizations.get" }
        assertEquals(OperationInfo("organizations.get", "GET", "/api/v1/organizations/{id}"), get)
    }
}
