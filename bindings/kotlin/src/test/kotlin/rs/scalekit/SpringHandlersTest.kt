package rs.scalekit

import java.time.Duration
import java.util.concurrent.CountDownLatch
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import org.springframework.core.CoroutinesUtils
import reactor.core.publisher.Mono

/** `suspend` handlers as Spring calls them: on no dispatcher, so that they go on where a call has ended. */
@Timeout(60)
class SpringHandlersTest {
    private val blocked = CountDownLatch(HANDLERS)
    private val release = CountDownLatch(1)

    @Test
    fun `handlers that block after a call do not delay other calls`() {
        Emulator.reset()
        Emulator.seedFive()
        // A response that is there at once is received on the thread that starts the handler.
        Emulator.fault("""{"operation": "organizations.get", "kind": "delay", "ms": 200, "count": $HANDLERS}""")
        Emulator.async().use { async ->
            Emulator.blocking().use { blocking ->
                val handlers = Handlers(async, blocking)
                val responses = List(HANDLERS) { start(handlers) }
                blocked.await()
                assertEquals("org_3", async.organizations.getAsync("org_3").join().id)
                release.countDown()
                for (response in responses) assertEquals("Organization 2", response.get())
            }
        }
    }

    private fun start(handlers: Handlers) =
        Mono.from(CoroutinesUtils.invokeSuspendingFunction(handle, handlers)).timeout(Duration.ofSeconds(50)).toFuture()

    private inner class Handlers(private val async: AsyncScalekitClient, private val blocking: ScalekitClient) {
        suspend fun handle(): String {
            async.organizations.get("org_1")
            assertNotEquals("scalekit", Thread.currentThread().name, "the name of the core's threads")
            blocked.countDown()
            release.await()
            return blocking.organizations.get("org_2").displayName
        }
    }

    private companion object {
        const val HANDLERS = 8
        val handle = Handlers::class.java.declaredMethods.single { it.name == "handle" }
    }
}
