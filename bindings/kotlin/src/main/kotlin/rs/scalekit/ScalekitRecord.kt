package rs.scalekit

import com.fasterxml.jackson.annotation.JsonValue
import kotlinx.serialization.KSerializer
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.descriptors.buildClassSerialDescriptor
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder
import kotlinx.serialization.json.JsonElement
import rs.scalekit.internal.Codec
import rs.scalekit.internal.exact
import rs.scalekit.internal.jsonOfPlain
import rs.scalekit.internal.parsed
import rs.scalekit.internal.plainOf
import rs.scalekit.internal.reading
import rs.scalekit.internal.serializing
import rs.scalekit.internal.standard

/**
 * A request, a response or an event. It can be written as JSON with the service's names, such as `display_name`, with
 * [toJson], Jackson and kotlinx.serialization.
 */
public abstract class ScalekitRecord internal constructor() {
    internal abstract fun recordType(): RecordType<*>

    /**
     * Returns the record as JSON text, with the service's names.
     *
     * Absent fields are omitted. Timestamps are text as in RFC 3339. Secrets are redacted unless [revealSecrets] is true.
     *
     * @throws ScalekitException.InvalidArgument if a number is not finite, or arbitrary JSON has a word without quotes
     */
    @JvmOverloads
    @Throws(ScalekitException::class)
    public fun toJson(revealSecrets: Boolean = false): String = json(revealSecrets).toString()

    /** What Jackson writes: text, numbers, lists and maps. */
    @JsonValue
    internal fun toData(): Any? = plainOf(json(revealSecrets = false))

    private fun json(revealSecrets: Boolean): JsonElement = recordType().write(this, revealSecrets)
}

/** The companion object of a record: reads it from JSON, and serializes it with kotlinx.serialization as JSON. */
public abstract class RecordType<T : ScalekitRecord> internal constructor() : KSerializer<T> {
    internal abstract fun codec(): Codec<T>

    override val descriptor: SerialDescriptor by lazy { buildClassSerialDescriptor(javaClass.enclosingClass.name) }

    /**
     * Reads JSON text with the service's names, as `toJson` writes it. Unknown names are ignored, and missing fields of a
     * response are empty.
     *
     * @throws ScalekitException.InvalidArgument if the text is not valid JSON or is nested more than 127 levels deep, a
     *     value has another type, or a required field of a request is missing. The error names the field, and contains
     *     none of the text.
     */
    @Throws(ScalekitException::class)
    public abstract fun fromJson(json: String): T

    override fun serialize(encoder: Encoder, value: T): Unit = serializing {
        encoder.encodeSerializableValue(JsonElement.serializer(), exact(write(value, revealSecrets = false)))
    }

    override fun deserialize(decoder: Decoder): T {
        val json = decoder.decodeSerializableValue(JsonElement.serializer())
        return serializing { reading { codec().read(standard(json)) } }
    }

    internal fun read(json: String): T = reading { codec().read(parsed(json)) }

    internal fun read(data: Map<String, Any?>): T = reading { codec().read(standard(jsonOfPlain(data))) }

    internal fun write(record: ScalekitRecord, revealSecrets: Boolean): JsonElement {
        @Suppress("UNCHECKED_CAST") // The companion object of the record's class.
        return reading { codec().write(record as T, revealSecrets) }
    }
}
