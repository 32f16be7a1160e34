package rs.scalekit.internal

import java.time.Duration
import java.time.Instant
import kotlinx.serialization.json.JsonElement

/** Writes values in UniFFI's format: numbers in big-endian order, lengths as 32 bits. */
internal class Writer {
    var bytes = EMPTY
        private set
    var size = 0
        private set

    /** The argument or the field that is being written, for messages. */
    var name = ""
        set(value) {
            field = value
            index = NONE
            key = null
        }

    /** The element of the field that is being written. */
    var index = NONE
    var key: String? = null

    private val described: String
        get() = if (index != NONE) "$name[$index]" else key?.let { "$name.$it" } ?: name

    /** The objects whose handles are written, and where. */
    private var handles: MutableList<Pair<Int, Handle>>? = null

    fun byte(value: Int) {
        reserve(1)
        bytes[size++] = value.toByte()
    }

    fun boolean(value: Boolean) = byte(if (value) 1 else 0)

    fun int(value: Int) {
        reserve(Int.SIZE_BYTES)
        for (shift in INT_SHIFTS downTo 0 step Byte.SIZE_BITS) bytes[size++] = (value shr shift).toByte()
    }

    fun long(value: Long) {
        int((value shr Int.SIZE_BITS).toInt())
        int(value.toInt())
    }

    fun double(value: Double) = long(value.toRawBits())

    fun string(value: String) {
        val start = size
        int(0)
        utf8(value)
        setInt(start, size - start - Int.SIZE_BYTES)
    }

    fun json(value: JsonElement) = string(value.toString())

    fun instant(value: Instant) {
        val offset = Duration.between(Instant.EPOCH, value)
        // UniFFI's format has a sign for the whole offset, and nanoseconds that are not negative.
        val distance = offset.abs()
        long(if (offset.isNegative) -distance.seconds else distance.seconds)
        int(distance.nano)
    }

    fun handle(value: Handle) {
        val all = handles ?: ArrayList<Pair<Int, Handle>>().also { handles = it }
        all.add(size to value)
        long(0)
    }

    inline fun <T : Any> optional(value: T?, write: Writer.(T) -> Unit) {
        if (value == null) {
            byte(0)
        } else {
            byte(1)
            write(value)
        }
    }

    inline fun <T> list(values: List<T>, write: Writer.(T) -> Unit) {
        int(values.size)
        values.forEachIndexed { at, value ->
            index = at
            write(notNull(value))
        }
    }

    inline fun <T> map(values: Map<String, T>, write: Writer.(T) -> Unit) {
        int(values.size)
        for ((name, value) in values) {
            key = null
            string(notNull(name))
            key = name
            write(notNull(value))
        }
    }

    /** A collection of Java can contain `null`. */
    fun <T> notNull(value: T): T {
        if (value == null) throw invalidArgument("`$described` must not be null")
        return value
    }

    fun raw(value: ByteArray) {
        reserve(value.size)
        value.copyInto(bytes, size)
        size += value.size
    }

    /** Writes UTF-8, which cannot represent half of a surrogate pair. */
    fun utf8(value: String) {
        reserve(value.length * MOST_BYTES)
        var index = 0
        while (index < value.length) {
            val char = value[index++]
            when {
                char.code < 0x80 -> bytes[size++] = char.code.toByte()
                char.code < 0x800 -> {
                    bytes[size++] = (0xC0 or (char.code shr 6)).toByte()
                    continued(char.code)
                }
                !char.isSurrogate() -> {
                    bytes[size++] = (0xE0 or (char.code shr 12)).toByte()
                    continued(char.code shr 6)
                    continued(char.code)
                }
                else -> {
                    val low = value.getOrNull(index++)
                    if (!char.isHighSurrogate() || low == null || !low.isLowSurrogate()) {
                        throw invalidArgument("`$described` must not contain a lone surrogate")
                    }
                    val point = Character.toCodePoint(char, low)
                    bytes[size++] = (0xF0 or (point shr 18)).toByte()
                    continued(point shr 12)
                    continued(point shr 6)
                    continued(point)
                }
            }
        }
    }

    /** Clones the objects, which the call then owns. */
    fun cloneHandles() {
        val handles = handles ?: return
        val end = size
        for ((start, handle) in handles) {
            size = start
            long(handle.clone())
        }
        size = end
    }

    private fun continued(bits: Int) {
        bytes[size++] = (0x80 or (bits and 0x3F)).toByte()
    }

    private fun setInt(start: Int, value: Int) {
        val end = size
        size = start
        int(value)
        size = end
    }

    private fun reserve(count: Int) {
        if (bytes.size - size < count) bytes = bytes.copyOf(maxOf(FIRST, bytes.size * 2, size + count))
    }

    private companion object {
        val EMPTY = ByteArray(0)
        const val NONE = -1
        const val FIRST = 128
        const val INT_SHIFTS = Int.SIZE_BITS - Byte.SIZE_BITS

        /** The most bytes of UTF-8 for a `Char`. */
        const val MOST_BYTES = 3
    }
}
