package rs.scalekit.internal

import java.nio.ByteBuffer

/** The arguments of a call. Nothing is allocated in the native library before all of them have been checked. */
internal class Arguments {
    val writer = Writer()
    private val numbers = LongArray(Frame.MOST_ARGUMENTS)
    private var count = 0

    /** Which numbers are offsets of bytes in the writer, as bits. */
    private var offsets = 0

    /** The objects among the arguments, at their index. */
    private var handles: Array<Handle?>? = null

    fun number(value: Long) {
        numbers[count++] = value
    }

    fun boolean(value: Boolean) = number(if (value) 1 else 0)

    fun handle(value: Handle) {
        val all = handles ?: arrayOfNulls<Handle>(Frame.MOST_ARGUMENTS).also { handles = it }
        all[count++] = value
    }

    /** A string alone has no length in front of it. */
    fun text(name: String, value: String) = buffer(name) { utf8(value) }

    fun bytes(value: ByteArray) = buffer("") { raw(value) }

    inline fun buffer(name: String, write: Writer.() -> Unit) {
        val start = writer.size
        writer.name = name
        writer.write()
        added(start)
    }

    fun added(start: Int) {
        offsets = offsets or (1 shl count)
        number(start.toLong())
        number((writer.size - start).toLong())
    }

    /** Clones the objects and writes the arguments into a frame. Returns further memory that the call needs. */
    fun place(frame: Frame): ByteBuffer? {
        val handles = handles
        handles?.forEachIndexed { index, handle -> if (handle != null) numbers[index] = handle.clone() }
        writer.cloneHandles()
        var outside: ByteBuffer? = null
        var start = 0L
        if (writer.size > Frame.ROOM) {
            outside = ByteBuffer.allocateDirect(writer.size).put(writer.bytes, 0, writer.size)
            start = Library.backend.address(outside)
        } else if (offsets != 0) {
            start = frame.put(writer.bytes, writer.size)
        }
        for (index in 0 until count) {
            val isOffset = offsets and (1 shl index) != 0
            frame.setArgument(index, if (isOffset) start + numbers[index] else numbers[index])
        }
        return outside
    }
}
