package rs.scalekit.internal

import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.JsonUnquotedLiteral

// What kotlinx.serialization reads, and JSON does not have (RFC 8259): words without quotes, for which it has elements,
// and control characters in strings.

/** The deepest nesting, as in the core. Deeper text could overflow the stack. */
private const val MAX_DEPTH = 127

private const val NUMBER = """-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?"""
private val number = Regex(NUMBER)
private val literal = Regex("true|false|null|$NUMBER")

/** Parses JSON text. */
internal fun parsed(text: String): JsonElement {
    checkText(text)
    return try {
        standard(Json.parseToJsonElement(text))
    } catch (_: SerializationException) {
        throw InvalidJson(INVALID)
    }
}

/** Checks what the parsed element does not show. */
private fun checkText(text: String) {
    var depth = 0
    var inString = false
    var at = 0
    while (at < text.length) {
        val char = text[at++]
        when {
            char == '"' -> inString = !inString
            inString && char < ' ' -> throw InvalidJson(INVALID)
            inString -> if (char == '\\') at++
            char == '[' || char == '{' -> if (++depth > MAX_DEPTH) throw InvalidJson(TOO_DEEP)
            char == ']' || char == '}' -> depth--
        }
    }
}

/** Returns the element, unless it has a value that JSON does not have, such as a word without quotes or `NaN`. */
internal fun standard(json: JsonElement): JsonElement {
    // Not recursive: elements of the caller can have any depth.
    val open = ArrayDeque(listOf(json))
    while (open.isNotEmpty()) {
        when (val element = open.removeLast()) {
            is JsonObject -> open.addAll(element.values)
            is JsonArray -> open.addAll(element)
            is JsonPrimitive -> if (!element.isString && !literal.matches(element.content)) throw InvalidJson(INVALID)
        }
    }
    return json
}

/** Returns the element with the numbers that kotlinx.serialization writes as they are. It writes others as doubles. */
@OptIn(ExperimentalSerializationApi::class)
internal fun exact(json: JsonElement): JsonElement = when (json) {
    is JsonObject -> JsonObject(json.mapValues { exact(it.value) })
    is JsonArray -> JsonArray(json.map(::exact))
    is JsonPrimitive -> if (!json.isString && isNumber(json.content)) JsonUnquotedLiteral(json.content) else json
}

/** Whether text is a number as JSON has them: conversions of Kotlin also accept `+1`, `01` and `1d`. */
internal fun isNumber(text: String): Boolean = number.matches(text)

private const val INVALID = "is not valid JSON"
private const val TOO_DEEP = "is nested more than $MAX_DEPTH levels deep"
