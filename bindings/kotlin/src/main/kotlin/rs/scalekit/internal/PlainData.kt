package rs.scalekit.internal

import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.booleanOrNull

// JSON as the types that Jackson writes and reads without a class of its own.

/** Returns JSON as text, numbers, lists and maps. */
internal fun plainOf(json: JsonElement): Any? = when (json) {
    is JsonNull -> null
    is JsonObject -> json.mapValues { plainOf(it.value) }
    is JsonArray -> json.map(::plainOf)
    is JsonPrimitive -> if (json.isString) json.content else json.booleanOrNull ?: numberOf(json.content)
}

private fun numberOf(text: String): Number = text.toLongOrNull() ?: text.toBigIntegerOrNull() ?: decimalOf(text)

/** Jackson writes infinity as text. */
private fun decimalOf(text: String): Number = text.toDouble().takeIf(Double::isFinite) ?: text.toBigDecimal()

/** Returns text, numbers, lists and maps as JSON. */
internal fun jsonOfPlain(data: Any?): JsonElement = when (data) {
    null -> JsonNull
    is String -> JsonPrimitive(data)
    is Number -> JsonPrimitive(data)
    is Boolean -> JsonPrimitive(data)
    is Map<*, *> -> JsonObject(data.entries.associate { (key, value) -> "$key" to jsonOfPlain(value) })
    is List<*> -> JsonArray(data.map(::jsonOfPlain))
    else -> throw InvalidJson("must be text, a number, a list or a map, not ${data.javaClass.name}")
}
