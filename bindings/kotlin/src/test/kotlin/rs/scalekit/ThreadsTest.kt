package rs.scalekit

import java.lang.management.ManagementFactory
import java.util.concurrent.CountDownLatch
import java.util.concurrent.Executor
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.GlobalScope
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout

/** The threads on which the code after a call runs, and those that the library creates. */
@Timeout(30)
class ThreadsTest {
    @BeforeEach
    fun reset() {
        Emulator.reset()
        Emulator.seedFive()
    }

    @Test
    fun `a thousand async calls create few threads`() = runBlocking<Unit> {
        val threads = ManagementFactory.getThreadMXBean()
        Emulator.async().use { client ->
            client.organizations.get("org_1")
            val before = threads.totalStartedThreadCount
            repeat(100) {
                (1..10).map { async(Dispatchers.Default) { client.organizations.get("org_1") } }.awaitAll()
            }
            val created = threads.totalStartedThreadCount - before
            assertTrue(created < 50, "$created threads for 1,000 calls")
        }
    }

    @Test
    fun `blocked handlers without a dispatcher do not delay other calls`() =
        blockedHandlersDoNotDelay { handler -> launchIn(Dispatchers.Unconfined, handler) }

    @Test
    fun `blocked handlers on an executor that runs tasks in place do not delay other calls`() =
        blockedHandlersDoNotDelay { handler -> launchIn(Executor(Runnable::run).asCoroutineDispatcher(), handler) }

    @Test
    fun `blocked handlers that were started by hand do not delay other calls`() = blockedHandlersDoNotDelay { handler ->
        handler.startCoroutine(
            object : Continuation<Unit> {
                override val context: CoroutineContext = EmptyCoroutineContext

                override fun resumeWith(result: Result<Unit>) = result.getOrThrow()
            },
        )
    }

    @OptIn(DelicateCoroutinesApi::class)
    private fun launchIn(context: CoroutineContext, handler: suspend () -> Unit) {
        GlobalScope.launch(context) { handler() }
    }

    /** Each handler makes a call, blocks until it is released, and makes a blocking call. */
    private fun blockedHandlersDoNotDelay(start: (suspend () -> Unit) -> Unit) = runBlocking<Unit> {
        val (blocked, release) = CountDownLatch(HANDLERS) to CountDownLatch(1)
        val names = List(HANDLERS) { CompletableDeferred<String>() }
        // A response that is there at once is received on the thread that starts the handler.
        Emulator.fault("""{"operation": "organizations.get", "kind": "delay", "ms": 200, "count": $HANDLERS}""")
        Emulator.async().use { client ->
            Emulator.blocking().use { blocking ->
                for (name in names) {
                    start {
                        client.organizations.get("org_1")
                        blocked.countDown()
                        release.await()
                        name.complete(blocking.organizations.get("org_2").displayName)
                    }
                }
                blocked.await()
                assertEquals("org_3", client.organizations.get("org_3").id)
                release.countDown()
                assertEquals(List(HANDLERS) { "Organization 2" }, names.awaitAll())
            }
        }
    }

    private companion object {
        const val HANDLERS = 8
    }
}
