package rs.scalekit.internal

private const val READY: Byte = 0

/** The functions for the futures whose result has a type. */
internal enum class FutureKind(type: String, complete: Long) {
    NOTHING("void", 0x281), // "ls>v"
    ADDRESS("u64", 0x282), // "ls>l"
    NUMBER("i64", 0x282), // "ls>l"
    BUFFER("rust_buffer", 0x286), // "ls>B"
    ;

    val poll = NativeFunction("ffi_scalekit_rust_future_poll_$type", 0x2221) // "lll>v"
    val complete = NativeFunction("ffi_scalekit_rust_future_complete_$type", complete)
    val free = NativeFunction("ffi_scalekit_rust_future_free_$type", 0x21) // "l>v"
}

/** Calls a function whose future has no result. */
internal suspend inline fun NativeFunction.runAsync(receiver: Handle, write: Arguments.() -> Unit = {}) {
    awaitFuture(FutureKind.NOTHING, number(receiver, write))
}

/** Calls a function whose future has an object as its result. */
internal suspend inline fun NativeFunction.addressAsync(receiver: Handle, write: Arguments.() -> Unit = {}): Long =
    awaitFuture(FutureKind.ADDRESS, number(receiver, write)) as Long

/** Calls a function whose future has a number as its result. */
internal suspend inline fun NativeFunction.numberAsync(receiver: Handle, write: Arguments.() -> Unit = {}): Long =
    awaitFuture(FutureKind.NUMBER, number(receiver, write)) as Long

/** Calls a function whose future has a buffer as its result. */
internal suspend inline fun NativeFunction.readerAsync(receiver: Handle, write: Arguments.() -> Unit = {}): Reader =
    awaitFuture(FutureKind.BUFFER, number(receiver, write)) as Reader

/** Waits for a future, which this function frees. Cancelling the coroutine cancels it, and closes its request. */
internal suspend fun awaitFuture(kind: FutureKind, future: Long): Any? = try {
    do {
        val code = Continuations.await { id ->
            kind.poll.run {
                number(future)
                number(Continuations.address)
                number(id)
            }
        }
    } while (code != READY)
    when (kind) {
        FutureKind.NOTHING -> kind.complete.run { number(future) }
        FutureKind.BUFFER -> kind.complete.reader { number(future) }
        else -> kind.complete.number { number(future) }
    }
} finally {
    kind.free.run { number(future) }
    logEvents()
}
