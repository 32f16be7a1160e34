package rs.scalekit.internal

import java.nio.ByteBuffer
import java.time.Instant
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement

/** Reads values in UniFFI's format: see [Writer]. */
internal class Reader(private val bytes: ByteArray) {
    private val buffer = ByteBuffer.wrap(bytes)

    /** Reads all of the buffer. */
    inline fun <T> read(read: Reader.() -> T): T {
        val value = read()
        end()
        return value
    }

    /** The whole buffer as a string, which alone has no length in front of it. */
    fun text(): String = String(bytes, Charsets.UTF_8)

    fun boolean(): Boolean = buffer.get() != 0.toByte()

    fun int(): Int = buffer.getInt()

    fun long(): Long = buffer.getLong()

    fun double(): Double = buffer.getDouble()

    fun string(): String {
        val length = int()
        if (length == 0) return ""
        val start = buffer.position()
        moveTo(buffer, start + length)
        return String(bytes, start, length, Charsets.UTF_8)
    }

    fun json(): JsonElement = jsonOf(string())

    fun instant(): Instant {
        val seconds = long()
        val nanos = int().toLong()
        return Instant.ofEpochSecond(seconds, if (seconds >= 0) nanos else -nanos)
    }

    inline fun <T> optional(read: Reader.() -> T): T? = if (boolean()) read() else null

    inline fun <T> list(read: Reader.() -> T): List<T> {
        val size = int()
        if (size == 0) return emptyList()
        val values = ArrayList<T>(size)
        repeat(size) { values.add(read()) }
        return values
    }

    inline fun <T> map(read: Reader.() -> T): Map<String, T> {
        val size = int()
        if (size == 0) return emptyMap()
        val values = LinkedHashMap<String, T>(size * 2)
        repeat(size) { values[string()] = read() }
        return values
    }

    fun end() {
        if (buffer.hasRemaining()) throw internalError("the native library has returned more than was read")
    }

    /** The error for the number of a variant that does not exist. */
    fun unknown(type: String): Exception = internalError("unknown variant of $type")
}

internal fun jsonOf(text: String): JsonElement = Json.parseToJsonElement(text)
