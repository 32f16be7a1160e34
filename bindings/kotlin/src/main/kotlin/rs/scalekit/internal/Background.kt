package rs.scalekit.internal

import java.util.concurrent.Executor
import java.util.concurrent.Executors
import java.util.concurrent.SynchronousQueue
import java.util.concurrent.ThreadFactory
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicLong

/**
 * Runs the code of callers whose coroutine has no thread to return to, such as with `Dispatchers.Unconfined`.
 *
 * That code may block, so each task has a thread: a virtual one on Java 24 and newer, else one of a pool. (Before Java
 * 24, a virtual thread that blocks in `synchronized` occupies its carrier.)
 */
internal object Background : Executor {
    private const val FIRST_UNPINNED = 24
    private const val IDLE_SECONDS = 10L

    // Android has no `Runtime.version()`, and another number here.
    private val javaVersion = System.getProperty("java.specification.version")?.toIntOrNull() ?: 0

    private val executor: Executor =
        if (javaVersion >= FIRST_UNPINNED) virtualThreads() ?: daemonThreads() else daemonThreads()

    override fun execute(task: Runnable) = executor.execute(task)

    /** The library is compiled for Java 11. */
    private fun virtualThreads(): Executor? = try {
        Executors::class.java.getMethod("newVirtualThreadPerTaskExecutor").invoke(null) as Executor
    } catch (_: ReflectiveOperationException) {
        null
    }

    private fun daemonThreads(): Executor {
        val count = AtomicLong()
        val threads = ThreadFactory { task ->
            Thread(null, task, "scalekit-${count.incrementAndGet()}").apply {
                isDaemon = true
                // Not that of the application whose call happens to come first.
                contextClassLoader = Background::class.java.classLoader
            }
        }
        return ThreadPoolExecutor(0, Int.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, SynchronousQueue(), threads)
    }
}
