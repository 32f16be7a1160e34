package rs.scalekit.internal

import java.lang.ref.Reference.reachabilityFence
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicLong

private const val CLONE_SHAPE = 0x282L // "ls>l"
private const val FREE_SHAPE = 0x281L // "ls>v"

/** A class of the native library, whose objects are counted references. */
internal class HandleType(name: String) {
    private val clone = NativeFunction("clone_$name", CLONE_SHAPE)
    private val free = NativeFunction("free_$name", FREE_SHAPE)

    fun clone(address: Long): Long = clone.callBriefly(address)

    fun free(address: Long) = free.run { number(address) }
}

/** An object of the native library, which is freed when this one is collected. */
internal open class Handle(private val type: HandleType, private val address: Long) {
    private val cleanable = Cleaning.register(this, Free(type, address))

    /** Returns a reference that the called function frees. */
    open fun clone(): Long = try {
        type.clone(address)
    } finally {
        // Else this could be collected as soon as its address is read, and the object freed before it is cloned.
        reachabilityFence(this)
    }

    protected fun free() = cleanable.run()

    /** Not a lambda, which could refer to the handle. */
    private class Free(private val type: HandleType, private val address: Long) : Runnable {
        override fun run() = type.free(address)
    }
}

/** A client, which can be closed. The last of the calls that are starting frees it, or [close] if there is none. */
internal class ClientHandle(type: HandleType, address: Long) : Handle(type, address) {
    private val isClosed = AtomicBoolean()
    private val users = AtomicLong(1)

    override fun clone(): Long {
        do {
            val count = users.get()
            if (count == 0L) throw closedError()
        } while (!users.compareAndSet(count, count + 1))
        try {
            return super.clone()
        } finally {
            leave()
        }
    }

    inline fun close(shutdown: () -> Unit) {
        if (!begin()) return
        try {
            shutdown()
        } finally {
            leave()
        }
    }

    fun begin(): Boolean = isClosed.compareAndSet(false, true)

    fun leave() {
        if (users.decrementAndGet() == 0L) free()
    }
}
