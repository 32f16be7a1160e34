package rs.scalekit.internal

import java.nio.Buffer
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.util.concurrent.ConcurrentLinkedQueue

/** Sets the position. `ByteBuffer` has a method of its own for it, which Android 9 does not have. */
internal fun moveTo(buffer: Buffer, position: Int) {
    buffer.position(position)
}

/**
 * The memory of one call: arguments, results and status. Its layout from [STATUS] on is that of `Frame` in the native library.
 */
@JvmInline
internal value class Frame(val memory: ByteBuffer) {
    /** The address of what the native library reads. */
    val address: Long get() = memory.getLong(ADDRESS)

    val status: Int get() = memory.getLong(STATUS).toInt()

    /** The result, if it is a number. */
    val value: Long get() = memory.getLong(VALUE)

    fun setArgument(index: Int, value: Long) {
        memory.putLong(ARGUMENTS + index * NUMBER, value)
    }

    /** Copies the bytes of arguments into the frame, and returns their address. */
    fun put(bytes: ByteArray, length: Int): Long {
        moveTo(memory, SPACE)
        memory.put(bytes, 0, length)
        return address + (SPACE - STATUS)
    }

    /** Returns a copy of the result or the error, and frees it. */
    fun bytes(): ByteArray {
        val bytes = ByteArray(memory.getLong(LENGTH).toInt())
        if (memory.getLong(CAPACITY) == 0L) {
            moveTo(memory, SPACE)
            memory.get(bytes)
        } else {
            Library.backend.copy(memory.getLong(DATA), bytes)
            Library.backend.free(address)
        }
        return bytes
    }

    companion object {
        private const val NUMBER = 8

        // Known to this package alone.
        private const val ADDRESS = 0
        private const val STATE = 8

        private const val STATUS = 16
        private const val VALUE = 24
        private const val CAPACITY = 32
        private const val LENGTH = 40
        private const val DATA = 48
        private const val SPACE_ADDRESS = 56
        private const val SPACE_SIZE = 64
        private const val ARGUMENTS = 72
        private const val SPACE = 256

        /** The size of a frame. Larger arguments and results have memory of their own. */
        private const val SIZE = 16_384

        /** The most bytes of arguments that a frame holds. */
        const val ROOM = SIZE - SPACE

        /** The most numbers that the arguments of a call take. */
        const val MOST_ARGUMENTS = 16

        fun create(): ByteBuffer {
            val memory = ByteBuffer.allocateDirect(SIZE).order(ByteOrder.nativeOrder())
            val start = Library.backend.address(memory)
            memory.putLong(ADDRESS, start + STATUS)
            memory.putLong(SPACE_ADDRESS, start + SPACE)
            memory.putLong(SPACE_SIZE, ROOM.toLong())
            return memory
        }

        fun state(memory: ByteBuffer): Int = memory.get(STATE).toInt()

        fun setState(memory: ByteBuffer, state: Int) {
            memory.put(STATE, state.toByte())
        }
    }
}

/**
 * The frames that are kept: one for each platform thread, since memory for each call would have to be allocated and freed,
 * and some that are shared by virtual threads, and by calls that a thread makes during another call.
 */
internal object Frames {
    private const val IN_USE = 1
    private const val PAUSES = 2
    private const val SHARED = 4

    // Not a type of this package: the value of a thread would keep the class loader of a web application alive.
    private val own = ThreadLocal.withInitial { Frame.create() }
    private val shared = ConcurrentLinkedQueue<ByteBuffer>()

    inline fun <T> use(block: (Frame) -> T): T {
        val memory = acquire()
        try {
            return block(Frame(memory))
        } finally {
            release(memory)
        }
    }

    fun acquire(): ByteBuffer {
        if (!VirtualThreads.isCurrent()) {
            val memory = own.get()
            val state = Frame.state(memory)
            if (state and IN_USE == 0) {
                Frame.setState(memory, state or IN_USE)
                return memory
            }
        }
        return shared.poll() ?: Frame.create().also { Frame.setState(it, SHARED) }
    }

    fun release(memory: ByteBuffer) {
        val state = Frame.state(memory)
        if (state and SHARED != 0) shared.add(memory) else Frame.setState(memory, state and IN_USE.inv())
    }

    /** Lets blocking calls on this platform thread return to Kotlin while they wait. */
    fun allowPausesOfThread() {
        val memory = own.get()
        val state = Frame.state(memory)
        if (state and PAUSES == 0) {
            Frame.setState(memory, state or PAUSES)
            allowPauses(allowed = true)
        }
    }
}
