package rs.scalekit.internal

import java.nio.ByteBuffer

/** How this package calls the native library. All numbers of calls are in the memory of a frame: see [Frames]. */
internal interface Backend {
    /** Returns the address of an exported function. */
    fun find(symbol: String): Long

    /** Returns the address of direct memory. */
    fun address(memory: ByteBuffer): Long

    /** Calls the function at an address, which has the shape with this number. */
    fun call(shape: Long, function: Long, frame: Long)

    /** Like [call], for a function that neither blocks nor calls back. */
    fun callBriefly(shape: Long, function: Long, frame: Long) = call(shape, function, frame)

    /** Copies memory of the native library. */
    fun copy(address: Long, into: ByteArray)

    /** Frees the buffer that a call has left in a frame. */
    fun free(frame: Long)

    /** Returns the address of a function that completes polls: see [Continuations.complete]. */
    fun continuation(): Long
}
