package rs.scalekit.internal

import java.lang.invoke.MethodHandle
import java.lang.invoke.MethodHandles
import java.lang.invoke.MethodType
import java.util.concurrent.ConcurrentLinkedQueue
import java.util.concurrent.locks.LockSupport
import kotlin.coroutines.Continuation
import kotlin.coroutines.CoroutineContext
import kotlin.coroutines.startCoroutine
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Job
import rs.scalekit.ScalekitException

/**
 * Makes a blocking call: with [call] on a platform thread, or with the asynchronous [twin] on a virtual one, which would
 * occupy its carrier while it waits in native code.
 *
 * If the thread is interrupted, the call ends with `ScalekitException.Cancelled`.
 */
internal inline fun <T> blockingCall(crossinline twin: suspend () -> T, call: () -> T): T {
    if (VirtualThreads.isCurrent()) return Parked.call { twin() }
    Frames.allowPausesOfThread()
    var paused = false
    try {
        while (true) {
            try {
                return call()
            } catch (error: ScalekitException.Internal) {
                paused = true
                continueAfter(error)
            }
        }
    } finally {
        // A call that failed before it reached the core has not ended the paused one.
        if (paused) dropPausedCall()
        logEvents()
    }
}

/** Returns if the error is a pause of the call, which is then to be made again. */
internal fun continueAfter(error: ScalekitException.Internal) {
    if (error.failure.code != "paused") throw error
    if (Thread.currentThread().isInterrupted) throw cancelledError()
}

/** Virtual threads, which the library finds by name: it is compiled for Java 11. */
internal object VirtualThreads {
    private val isVirtual: MethodHandle? = try {
        val type = MethodType.methodType(Boolean::class.javaPrimitiveType)
        MethodHandles.publicLookup().findVirtual(Thread::class.java, "isVirtual", type)
    } catch (_: ReflectiveOperationException) {
        null
    }

    fun isCurrent(): Boolean = isVirtual != null && isVirtual.invokeExact(Thread.currentThread()) as Boolean
}

/** Runs a coroutine on the current thread, which parks while the coroutine waits. */
internal class Parked private constructor() : CoroutineDispatcher() {
    private val thread = Thread.currentThread()
    private val tasks = ConcurrentLinkedQueue<Runnable>()
    private val job = Job()
    private var interrupted = false

    override fun dispatch(context: CoroutineContext, block: Runnable) {
        tasks.add(block)
        LockSupport.unpark(thread)
    }

    private fun <T> run(call: suspend () -> T): T {
        var outcome: Result<T>? = null
        val completion = object : Continuation<T> {
            override val context: CoroutineContext = job + this@Parked

            override fun resumeWith(result: Result<T>) {
                outcome = result
            }
        }
        call.startCoroutine(completion)
        while (outcome == null) step()
        if (interrupted) thread.interrupt()
        return checkNotNull(outcome).getOrElse { error ->
            throw if (interrupted && error is CancellationException) cancelledError() else error
        }
    }

    /** Runs a task, or waits for one. An interrupt cancels the coroutine, which then closes its request. */
    private fun step() {
        val task = tasks.poll()
        when {
            task != null -> task.run()
            Thread.interrupted() -> {
                interrupted = true
                job.cancel()
            }
            else -> LockSupport.park(this)
        }
    }

    companion object {
        fun <T> call(call: suspend () -> T): T = Parked().run(call)
    }
}
