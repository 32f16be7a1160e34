package rs.scalekit.internal

import java.util.concurrent.CompletableFuture
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.GlobalScope
import kotlinx.coroutines.future.future

/**
 * Starts a call, and returns a future of its result.
 *
 * What depends on the future never runs on a thread of the core: see [Continuations].
 */
@OptIn(DelicateCoroutinesApi::class)
internal fun <T> futureOf(call: suspend () -> T): CompletableFuture<T> =
    GlobalScope.future(Dispatchers.Unconfined) { call() }
