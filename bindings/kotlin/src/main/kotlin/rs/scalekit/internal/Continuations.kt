package rs.scalekit.internal

import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.atomic.AtomicLong
import kotlin.coroutines.ContinuationInterceptor
import kotlin.coroutines.resume
import kotlinx.coroutines.CancellableContinuation
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.suspendCancellableCoroutine

/** Continues coroutines when the core has made progress. The core calls it on its own threads. */
internal object Continuations {
    private val waiting = ConcurrentHashMap<Long, Poll>()
    private val lastId = AtomicLong()

    /** The address of the function that the core calls. */
    val address: Long = Library.backend.continuation()

    /** Makes a poll, which is given an ID for [callback], and suspends until the core calls back. */
    suspend fun await(poll: (Long) -> Unit): Byte = suspendCancellableCoroutine { continuation ->
        val id = lastId.incrementAndGet()
        val entry = Poll(continuation)
        waiting[id] = entry
        poll(id)
        entry.returned = true
    }

    /** Called by the core, with the ID of a poll and its result. */
    fun complete(id: Long, code: Byte) {
        waiting.remove(id)?.complete(code)
    }
}

/**
 * A coroutine that waits for a poll.
 *
 * The code after it is the caller's, and may block. It never runs on a thread of the core, which other calls need.
 */
private class Poll(private val continuation: CancellableContinuation<Byte>) : Runnable {
    private val poller = Thread.currentThread()

    /** Whether the poll has returned. Only the polling thread reads and writes it. */
    var returned = false

    private var code: Byte = 0

    /** The thread that hands the coroutine to its dispatcher. */
    @Volatile
    private var dispatching: Thread? = null

    fun complete(code: Byte) {
        this.code = code
        when {
            // A freed future calls back, too.
            !continuation.isActive -> Unit
            // The coroutine has not been suspended yet, so this runs no code of the caller.
            Thread.currentThread() === poller && !returned -> continuation.resume(code)
            else -> handOver()
        }
    }

    private fun handOver() {
        val context = continuation.context
        val dispatcher = context[ContinuationInterceptor] as? CoroutineDispatcher
        try {
            if (dispatcher == null || !dispatcher.isDispatchNeeded(context)) return resumeInBackground()
            dispatching = Thread.currentThread()
            dispatcher.dispatch(context, this)
            dispatching = null
        } catch (_: Throwable) {
            // An exception cannot leave a callback, and the coroutine must go on to end its call.
            resumeInBackground()
        }
    }

    /** Called by the dispatcher. */
    @OptIn(ExperimentalCoroutinesApi::class)
    override fun run() {
        // The dispatcher of an executor like `Runnable::run` has not left the thread.
        if (dispatching === Thread.currentThread()) return resumeInBackground()
        val dispatcher = continuation.context[ContinuationInterceptor] as CoroutineDispatcher
        with(continuation) { dispatcher.resumeUndispatched(code) }
    }

    private fun resumeInBackground() = Background.execute { continuation.resume(code) }
}
