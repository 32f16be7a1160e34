package rs.scalekit

import com.fasterxml.jackson.annotation.JsonValue
import kotlinx.serialization.KSerializer
import kotlinx.serialization.descriptors.PrimitiveKind
import kotlinx.serialization.descriptors.PrimitiveSerialDescriptor
import kotlinx.serialization.descriptors.SerialDescriptor
import kotlinx.serialization.encoding.Decoder
import kotlinx.serialization.encoding.Encoder

/** A value of an enumeration to which the service may add values. Jackson and kotlinx.serialization write its wire value. */
public abstract class OpenEnum internal constructor() {
    /** Returns the wire value. */
    @get:JsonValue
    public abstract val wireValue: String
}

/** The companion object of an enumeration: finds its values, and serializes them with kotlinx.serialization. */
public abstract class OpenEnumType<T : OpenEnum> internal constructor() : KSerializer<T> {
    override val descriptor: SerialDescriptor by lazy {
        PrimitiveSerialDescriptor(javaClass.enclosingClass.name, PrimitiveKind.STRING)
    }

    /** Returns the value with this wire value: `Unrecognized` if this version does not know it. */
    public abstract fun of(wireValue: String): T

    override fun serialize(encoder: Encoder, value: T): Unit = encoder.encodeString(value.wireValue)

    override fun deserialize(decoder: Decoder): T = of(decoder.decodeString())
}
