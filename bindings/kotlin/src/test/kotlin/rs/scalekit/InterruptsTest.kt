package rs.scalekit

import java.util.concurrent.CompletableFuture
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import java.util.concurrent.Future
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.condition.EnabledForJreRange
import org.junit.jupiter.api.condition.JRE

/** Blocking calls of threads that are interrupted, and of virtual threads. */
@Timeout(60)
class InterruptsTest {
    @BeforeEach
    fun reset() {
        Emulator.reset()
        Emulator.seedFive()
    }

    @Test
    fun `interrupting a thread ends its call and closes the request`() =
        Executors.newCachedThreadPool().useAndShutDown(::interruptedCallsEnd)

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    fun `interrupting a virtual thread ends its call and closes the request`() =
        virtualThreads().useAndShutDown(::interruptedCallsEnd)

    /** More threads than there are carriers: all requests arrive although none is answered. */
    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    fun `blocking calls do not occupy the carriers of virtual threads`() = virtualThreads().useAndShutDown { threads ->
        val count = 64
        Emulator.fault("""{"operation": "organizations.get", "kind": "delay", "forever": true, "count": $count}""")
        Emulator.blocking().use { client ->
            val calls = (1..count).map { threads.submit { client.organizations.get("org_1") } }
            Emulator.wait("organizations.get", count = count)
            calls.forEach { it.cancel(true) }
            Emulator.wait("organizations.get", count = count, aborted = count)
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    fun `a virtual thread gets results, pages and errors`() = virtualThreads().useAndShutDown { threads ->
        Emulator.blocking().use { client ->
            val names = threads.submit<List<String>> {
                client.organizations.listAll(ListOrganizations(pageSize = 2)).map { it.displayName }
            }
            assertEquals((1..5).map { "Organization $it" }, names.get().sorted())
            threads.submit { client.organizations.delete("org_1") }.get()
            threads.submit { assertThrows<ScalekitException.NotFound> { client.organizations.get("org_1") } }.get()
        }
        val closed = Emulator.blocking().apply { close() }
        threads.submit { assertThrows<ScalekitException.Closed> { closed.organizations.get("org_1") } }.get()
    }

    private fun interruptedCallsEnd(threads: ExecutorService) {
        Emulator.fault("""{"operation": "organizations.get", "kind": "delay", "forever": true}""")
        Emulator.blocking().use { client ->
            val (thread, error) = CompletableFuture<Thread>() to CompletableFuture<Throwable>()
            threads.execute {
                thread.complete(Thread.currentThread())
                val thrown = runCatching { client.organizations.get("org_1") }.exceptionOrNull()
                error.complete(thrown.takeIf { Thread.currentThread().isInterrupted })
            }
            Emulator.wait("organizations.get", count = 1)
            thread.get().interrupt()
            val cancelled = assertInstanceOf(ScalekitException.Cancelled::class.java, error.get())
            assertEquals("interrupted", cancelled.failure.code)
            Emulator.wait("organizations.get", count = 1, aborted = 1)
            val next: Future<String> = threads.submit<String> { client.organizations.get("org_2").id }
            assertEquals("org_2", next.get())
        }
    }

    @Test
    fun `a call that is answered late is not sent twice`() {
        Emulator.fault("""{"operation": "organizations.create", "kind": "delay", "ms": 200}""")
        Emulator.blocking().use { client -> client.organizations.create(CreateOrganization("Late")) }
        assertEquals(1, Emulator.requests("organizations.create").size)
    }

    /** The tests are compiled for an older version. */
    private fun virtualThreads(): ExecutorService =
        Executors::class.java.getMethod("newVirtualThreadPerTaskExecutor").invoke(null) as ExecutorService

    private fun ExecutorService.useAndShutDown(test: (ExecutorService) -> Unit) = try {
        test(this)
    } finally {
        assertTrue(shutdownNow().isEmpty())
    }
}
