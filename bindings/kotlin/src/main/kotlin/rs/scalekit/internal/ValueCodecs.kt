package rs.scalekit.internal

import java.time.DateTimeException
import java.time.Instant
import java.time.format.DateTimeFormatter
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonPrimitive
import rs.scalekit.LoginSession
import rs.scalekit.LoginTransaction
import rs.scalekit.OpenEnum
import rs.scalekit.OpenEnumType
import rs.scalekit.ScalekitException
import rs.scalekit.SecretJson
import rs.scalekit.SecretText

/** A value that is text in JSON. */
internal abstract class TextualCodec<T> : Codec<T>() {
    abstract fun text(value: T, reveal: Boolean): String

    abstract fun of(text: String): T

    override fun write(value: T, reveal: Boolean): JsonElement = JsonPrimitive(text(value, reveal))

    override fun read(json: JsonElement): T {
        val text = (json as? JsonPrimitive)?.takeIf { it.isString } ?: throw InvalidJson("must be text")
        return of(text.content)
    }
}

internal object TextCodec : TextualCodec<String>() {
    override fun text(value: String, reveal: Boolean): String = value

    override fun of(text: String): String = text

    override fun missing(): String = ""
}

/** Timestamps as in RFC 3339. */
internal object InstantCodec : TextualCodec<Instant>() {
    override fun text(value: Instant, reveal: Boolean): String = value.toString()

    override fun of(text: String): Instant = try {
        DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from)
    } catch (_: DateTimeException) {
        throw InvalidJson("must be a timestamp as in RFC 3339")
    }

    override fun missing(): Instant = Instant.EPOCH
}

internal class OpenEnumCodec<T : OpenEnum>(private val type: OpenEnumType<T>) : TextualCodec<T>() {
    override fun text(value: T, reveal: Boolean): String = value.wireValue

    override fun of(text: String): T = type.of(text)

    override fun missing(): T = type.of("")
}

internal class EnumCodec<T : Enum<T>>(private val type: Class<T>) : TextualCodec<T>() {
    override fun text(value: T, reveal: Boolean): String = value.name

    override fun of(text: String): T = values().find { it.name == text }
        ?: throw InvalidJson("must be one of ${values().joinToString { it.name }}")

    private fun values(): Array<T> = checkNotNull(type.enumConstants)
}

internal object SecretTextCodec : TextualCodec<SecretText>() {
    override fun text(value: SecretText, reveal: Boolean): String = if (reveal) value.reveal() else value.toString()

    override fun of(text: String): SecretText = SecretText(text)
}

/** The value of a header of options, which may be a credential, such as the key of a gateway. */
internal object HeaderCodec : TextualCodec<String>() {
    override fun text(value: String, reveal: Boolean): String = if (reveal) value else "SecretText(..)"

    override fun of(text: String): String = text
}

internal object LoginSessionCodec : TextualCodec<LoginSession>() {
    override fun text(value: LoginSession, reveal: Boolean): String =
        if (reveal) value.toText().reveal() else value.toString()

    override fun of(text: String): LoginSession = saved { LoginSession.fromText(SecretText(text)) }
}

internal object LoginTransactionCodec : TextualCodec<LoginTransaction>() {
    override fun text(value: LoginTransaction, reveal: Boolean): String =
        if (reveal) value.toText().reveal() else value.toString()

    override fun of(text: String): LoginTransaction = saved { LoginTransaction.fromText(SecretText(text)) }
}

/** Redacted text is not one that can be read. */
private inline fun <T> saved(read: () -> T): T = try {
    read()
} catch (_: ScalekitException.InvalidArgument) {
    throw InvalidJson("must be the revealed text of `toText`")
}

internal object SecretJsonCodec : Codec<SecretJson>() {
    override fun write(value: SecretJson, reveal: Boolean): JsonElement =
        if (reveal) value.reveal() else JsonPrimitive(value.toString())

    override fun read(json: JsonElement): SecretJson = SecretJson(json)
}

/** Arbitrary JSON, in which `null` is a value. */
internal object JsonCodec : Codec<JsonElement>() {
    override fun write(value: JsonElement, reveal: Boolean): JsonElement = standard(value)

    override fun read(json: JsonElement): JsonElement = json

    override fun missing(): JsonElement = JsonNull
}

internal object BooleanCodec : Codec<Boolean>() {
    override fun write(value: Boolean, reveal: Boolean): JsonElement = JsonPrimitive(value)

    override fun read(json: JsonElement): Boolean = when ((json as? JsonPrimitive)?.takeIf { !it.isString }?.content) {
        "true" -> true
        "false" -> false
        else -> throw InvalidJson("must be true or false")
    }

    override fun missing(): Boolean = false
}

/** A number. The service writes those of 64 bits as text, too. */
internal abstract class NumberCodec<T : Number>(private val zero: T) : Codec<T>() {
    abstract fun of(text: String): T?

    override fun write(value: T, reveal: Boolean): JsonElement = JsonPrimitive(value)

    override fun read(json: JsonElement): T {
        val text = (json as? JsonPrimitive)?.content?.takeIf(::isNumber)
        return text?.let(::of) ?: throw InvalidJson("must be a number in its range")
    }

    override fun missing(): T = zero
}

internal object IntCodec : NumberCodec<Int>(0) {
    override fun of(text: String): Int? = text.toIntOrNull()
}

internal object LongCodec : NumberCodec<Long>(0) {
    override fun of(text: String): Long? = text.toLongOrNull()
}

internal object DoubleCodec : NumberCodec<Double>(0.0) {
    override fun of(text: String): Double? = text.toDoubleOrNull()?.takeIf(Double::isFinite)

    override fun write(value: Double, reveal: Boolean): JsonElement =
        if (value.isFinite()) JsonPrimitive(value) else throw InvalidJson("must be a finite number")
}
