package rs.scalekit.internal

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject

/** A value that can be absent. Records omit it then. */
internal class OptionalCodec<T : Any>(private val inner: Codec<T>) : Codec<T?>() {
    override fun write(value: T?, reveal: Boolean): JsonElement = if (value == null) JsonNull else inner.write(value, reveal)

    override fun read(json: JsonElement): T? = if (json == JsonNull) null else inner.read(json)

    override fun missing(): T? = null
}

internal class ListCodec<T : Any>(private val inner: Codec<T>) : Codec<List<T>>() {
    override fun write(value: List<T>, reveal: Boolean): JsonElement =
        JsonArray(value.mapIndexed { at, element -> inside({ "[$at]" }) { inner.write(notNull(element), reveal) } })

    override fun read(json: JsonElement): List<T> {
        if (json !is JsonArray) throw InvalidJson("must be a list")
        return json.mapIndexed { at, element -> inside({ "[$at]" }) { inner.read(element) } }
    }

    override fun missing(): List<T> = emptyList()
}

internal class MapCodec<T : Any>(private val inner: Codec<T>) : Codec<Map<String, T>>() {
    override fun write(value: Map<String, T>, reveal: Boolean): JsonElement =
        JsonObject(value.mapValues { (key, element) -> inside({ key }) { inner.write(notNull(element), reveal) } })

    override fun read(json: JsonElement): Map<String, T> {
        if (json !is JsonObject) throw InvalidJson("must be an object")
        return json.mapValues { (key, element) -> inside({ key }) { inner.read(element) } }
    }

    override fun missing(): Map<String, T> = emptyMap()
}

/** A collection of Java can contain `null`. */
private fun <T : Any> notNull(element: T?): T = element ?: throw InvalidJson("must not be null")
