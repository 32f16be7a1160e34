package rs.scalekit.internal

import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.JsonElement
import rs.scalekit.ScalekitException

/** How the values of a type are written as JSON with the service's names, and read. */
internal abstract class Codec<T> {
    abstract fun write(value: T, reveal: Boolean): JsonElement

    abstract fun read(json: JsonElement): T

    /** The value of a missing field. */
    open fun missing(): T = throw InvalidJson("is missing")
}

/** A value that cannot be read or written. The codecs of containers say where it is. */
internal class InvalidJson(private val what: String) : RuntimeException() {
    private var path = ""

    fun inside(step: String): InvalidJson {
        path = if (path.isEmpty() || path.startsWith("[")) step + path else "$step.$path"
        return this
    }

    /** The error for the caller. It has no cause: the text could contain a secret. */
    fun error(): ScalekitException = invalidArgument("`${path.ifEmpty { "json" }}` $what")
}

/** Reads or writes a part of a value. */
internal inline fun <T> inside(step: () -> String, block: () -> T): T = try {
    block()
} catch (error: InvalidJson) {
    throw error.inside(step())
}

/** Reads or writes a value, as part of a function of the public API. */
internal inline fun <T> reading(block: () -> T): T = try {
    block()
} catch (error: InvalidJson) {
    throw error.error()
}

/** Reads or writes a value, as part of a serializer. */
internal inline fun <T> serializing(block: () -> T): T = try {
    block()
} catch (error: ScalekitException.InvalidArgument) {
    throw SerializationException(error.message)
}
