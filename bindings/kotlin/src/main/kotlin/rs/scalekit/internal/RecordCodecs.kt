package rs.scalekit.internal

import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** A field of a record: its name in JSON, and the value if it is missing, unless it is that of its codec. */
internal class Field(
    val name: String,
    private val codec: Codec<*>,
    private val isRequired: Boolean = false,
    private val default: Any? = null,
) {
    fun write(value: Any, reveal: Boolean): JsonElement = inside({ name }) {
        @Suppress("UNCHECKED_CAST") // The generator knows the types of fields.
        (codec as Codec<Any>).write(value, reveal)
    }

    fun read(json: JsonElement?): Any? = inside({ name }) {
        when {
            json != null && (json != JsonNull || codec is JsonCodec) -> codec.read(json)
            isRequired -> throw InvalidJson("is required")
            else -> default ?: codec.missing()
        }
    }
}

/** The values of a record's fields, in order. */
internal class Values(private val all: List<Any?>) {
    private var at = 0

    @Suppress("UNCHECKED_CAST") // The generator knows the types of fields.
    fun <T> next(): T = all[at++] as T
}

/** Writes and reads a record. */
internal abstract class RecordCodec<T> : Codec<T>() {
    // Not before it is needed: records refer to each other.
    private val all: Array<Field> by lazy(LazyThreadSafetyMode.PUBLICATION) { fields() }

    abstract fun fields(): Array<Field>

    abstract fun values(value: T): Array<Any?>

    abstract fun create(values: Values): T

    override fun write(value: T, reveal: Boolean): JsonElement = JsonObject(written(all, values(value), reveal))

    override fun read(json: JsonElement): T = create(valuesIn(json, all))

    override fun missing(): T = read(JsonObject(emptyMap()))
}

/** Writes and reads a tagged union: the fields of its variant, and the name of the variant. */
internal abstract class UnionCodec<T> : Codec<T>() {
    abstract fun variant(value: T): String

    abstract fun fields(variant: String): Array<Field>?

    abstract fun values(value: T): Array<Any?>

    abstract fun create(variant: String, values: Values): T?

    override fun write(value: T, reveal: Boolean): JsonElement {
        val variant = variant(value)
        val fields = written(fields(variant).orEmpty(), values(value), reveal)
        return JsonObject(mapOf(VARIANT to JsonPrimitive(variant)) + fields)
    }

    override fun read(json: JsonElement): T {
        val variant = ((json as? JsonObject)?.get(VARIANT) as? JsonPrimitive)?.content.orEmpty()
        return fields(variant)?.let { create(variant, valuesIn(json, it)) }
            ?: throw InvalidJson("must be the name of a variant").inside(VARIANT)
    }

    private companion object {
        /** Not a name that the service uses for a field. */
        const val VARIANT = "variant"
    }
}

/** Absent fields are omitted. */
private fun written(fields: Array<out Field>, values: Array<Any?>, reveal: Boolean): Map<String, JsonElement> {
    val written = LinkedHashMap<String, JsonElement>()
    fields.forEachIndexed { at, field -> values[at]?.let { written[field.name] = field.write(it, reveal) } }
    return written
}

private fun valuesIn(json: JsonElement, fields: Array<Field>): Values {
    if (json !is JsonObject) throw InvalidJson("must be an object")
    return Values(fields.map { it.read(json[it.name]) })
}
