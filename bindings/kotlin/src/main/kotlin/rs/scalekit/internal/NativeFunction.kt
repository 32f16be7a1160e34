package rs.scalekit.internal

import java.nio.ByteBuffer
import kotlinx.coroutines.CancellationException

private const val SUCCESS = 0
private const val ERROR = 1
private const val CANCELLED = 3

/** A function of the core, whose arguments and result have the shape with this number. */
internal class NativeFunction(private val name: String, private val shape: Long, private val checksum: Int? = null) {
    @Volatile
    private var address = 0L

    /** Calls the function, which returns nothing. */
    inline fun run(receiver: Handle? = null, write: Arguments.() -> Unit = {}) {
        call(argumentsOf(receiver, write)) { }
    }

    /** Calls the function, which returns a number. */
    inline fun number(receiver: Handle? = null, write: Arguments.() -> Unit = {}): Long =
        call(argumentsOf(receiver, write)) { it.value }

    inline fun boolean(receiver: Handle? = null, write: Arguments.() -> Unit = {}): Boolean =
        number(receiver, write) != 0L

    /** Calls the function, which returns a buffer. */
    inline fun reader(receiver: Handle? = null, write: Arguments.() -> Unit = {}): Reader =
        Reader(call(argumentsOf(receiver, write)) { it.bytes() })

    inline fun <T> call(arguments: Arguments, result: (Frame) -> T): T = Frames.use { frame ->
        call(frame, arguments)
        result(frame)
    }

    fun call(frame: Frame, arguments: Arguments) {
        val function = address()
        val outside = arguments.place(frame)
        Library.backend.call(shape, function, frame.address)
        keepAlive(outside)
        if (frame.status != SUCCESS) throw failed(frame)
    }

    /** Calls a function that takes numbers, and neither blocks nor calls back. */
    fun callBriefly(argument: Long): Long = Frames.use { frame ->
        frame.setArgument(0, argument)
        Library.backend.callBriefly(shape, address(), frame.address)
        if (frame.status != SUCCESS) throw failed(frame)
        frame.value
    }

    private fun failed(frame: Frame): Exception = when (frame.status) {
        ERROR -> Reader(frame.bytes()).read { readScalekitException() }
        CANCELLED -> CancellationException("the call was cancelled")
        else -> internalError(String(frame.bytes(), Charsets.UTF_8))
    }

    private fun address(): Long {
        if (address == 0L) address = find()
        return address
    }

    /** Fails if the library exports another function with this name. */
    private fun find(): Long {
        val backend = Library.backend
        if (checksum != null) {
            val found = Frames.use { frame ->
                backend.call(CHECKSUM_SHAPE, backend.find("uniffi_scalekit_checksum_$name"), frame.address)
                frame.value.toInt()
            }
            if (found != checksum) throw internalError("the native library has another version: $name")
        }
        return backend.find(if (name.startsWith("ffi_")) name else "uniffi_scalekit_fn_$name")
    }

    private companion object {
        const val CHECKSUM_SHAPE = 4L // ">h"

        /** Keeps memory alive until the call has returned. */
        fun keepAlive(memory: ByteBuffer?) = java.lang.ref.Reference.reachabilityFence(memory)
    }
}

/** Collects arguments. The receiver and other objects are cloned last: what fails earlier leaks none. */
internal inline fun argumentsOf(receiver: Handle?, write: Arguments.() -> Unit): Arguments {
    val arguments = Arguments()
    if (receiver != null) arguments.handle(receiver)
    arguments.write()
    return arguments
}
