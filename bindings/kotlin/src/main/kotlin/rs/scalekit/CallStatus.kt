package rs.scalekit

import java.nio.ByteBuffer

/**
 * The memory in which the core reports how a call ended: one for each thread, since a new one for each call would have to
 * be allocated and freed.
 *
 * A call may be made while the arguments of another are written. It ends before the core is called for the other one.
 */
internal object CallStatus {
    private val size = loading { UniffiRustCallStatus().size() }

    // Not a type of JNA: the value of a thread would keep the class loader of a web application alive.
    private val memory = ThreadLocal.withInitial { ByteBuffer.allocateDirect(size + 1) }

    /** Returns the memory of this thread, for the next call. */
    fun prepare(): ByteBuffer = memory.get().put(0, UNIFFI_CALL_SUCCESS)

    fun isSuccess(memory: ByteBuffer): Boolean = memory.get(0) == UNIFFI_CALL_SUCCESS

    /** Lets blocking calls on this platform thread return to Kotlin while they wait. The last byte says that they do. */
    fun allowPauses() {
        val memory = memory.get()
        if (memory.get(size) == 0.toByte()) {
            memory.put(size, 1)
            allowPauses(true)
        }
    }

    /** Reads the status of a call that failed. The error is a copy, which the next call does not overwrite. */
    fun read(memory: ByteBuffer): UniffiRustCallStatus {
        val bytes = ByteArray(size)
        memory.duplicate().get(bytes)
        return UniffiRustCallStatus().apply {
            pointer.write(0, bytes, 0, size)
            read()
        }
    }
}
