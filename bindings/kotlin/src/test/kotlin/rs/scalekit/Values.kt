package rs.scalekit

import java.time.Instant
import java.time.format.DateTimeFormatterBuilder
import java.time.temporal.ChronoUnit
import kotlin.reflect.KClass
import kotlin.reflect.KFunction
import kotlin.reflect.KParameter
import kotlin.reflect.KType
import kotlin.reflect.full.callSuspendBy
import kotlin.reflect.full.memberFunctions
import kotlin.reflect.full.memberProperties
import kotlin.reflect.full.primaryConstructor
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.toList
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.double
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long

/** `display_name` as Kotlin has it. */
fun camel(name: String): String =
    name.split('_').reduce { camel, word -> camel + word.replaceFirstChar(Char::uppercase) }

/** A scenario's JSON as a value of the surface; a field that the type does not know is a failure. */
fun made(type: KType, json: JsonElement): Any? {
    if (json is JsonNull && type.isMarkedNullable) return null
    val kind = type.classifier as KClass<*>
    return when {
        kind == String::class -> checkNotNull(json.string) { "$json is no text" }
        kind == Int::class -> json.jsonPrimitive.int
        kind == Long::class -> json.jsonPrimitive.long
        kind == Double::class -> json.jsonPrimitive.double
        kind == Boolean::class -> json.jsonPrimitive.boolean
        kind == Instant::class -> Instant.parse(json.string)
        kind == SecretText::class -> SecretText(checkNotNull(json.string))
        kind == SecretJson::class -> SecretJson(json)
        kind == JsonElement::class -> json
        kind == List::class -> json.jsonArray.map { made(type.arguments[0].type!!, it) }
        kind == Map::class -> json.jsonObject.mapValues { made(type.arguments[1].type!!, it.value) }
        kind.java.isEnum -> kind.java.enumConstants.single { (it as Enum<*>).name == json.string }
        kind.isSealed -> openValue(kind, checkNotNull(json.string))
        kind.isData -> record(kind, json.jsonObject)
        else -> error("a type that the runner does not know: $type")
    }
}

private fun openValue(kind: KClass<*>, text: String): Any {
    val known = kind.sealedSubclasses.mapNotNull { it.objectInstance }
    val other = kind.sealedSubclasses.single { it.simpleName == "Unrecognized" }
    return known.find { wireValue(it) == text } ?: other.primaryConstructor!!.call(text)
}

fun wireValue(value: Any): String =
    value::class.memberProperties.single { it.name == "wireValue" }.getter.call(value) as String

private fun record(kind: KClass<*>, fields: JsonObject): Any =
    kind.primaryConstructor!!.let { it.callBy(named(it, null, fields)) }

/** Arguments by their names; one that the function does not know is a failure. */
fun named(function: KFunction<*>, self: Any?, given: JsonObject): Map<KParameter, Any?> {
    val byName = given.entries.associate { camel(it.key) to it.value }
    val unknown = byName.keys - function.parameters.mapNotNull { it.name }.toSet()
    check(unknown.isEmpty()) { "${function.name} does not know $unknown" }
    return function.parameters.mapNotNull { parameter ->
        when {
            parameter.kind == KParameter.Kind.INSTANCE -> parameter to self
            parameter.name in byName -> parameter to made(parameter.type, byName.getValue(parameter.name!!))
            else -> null
        }
    }.toMap()
}

/** Plays `area.method`, in whichever style the client has. */
suspend fun call(client: Any, name: String, arguments: JsonObject): Any? {
    val (area, method) = name.split('.')
    val target = if (area == "client") client else checkNotNull(property(client, camel(area)))
    val function = target::class.memberFunctions.find { it.name == camel(method) }
    checkNotNull(function) { "a call that the runner does not know: $name" }
    val result = try {
        function.callSuspendBy(named(function, target, arguments))
    } catch (error: java.lang.reflect.InvocationTargetException) {
        throw error.targetException
    }
    return when (result) {
        // A pager is played in the language's own idiom.
        is Iterable<*> -> result.toList()
        else -> flow(result)?.toList() ?: result
    }
}

private fun flow(result: Any?): Flow<*>? {
    val method = result?.let { it::class.members.find { member -> member.name == "asFlow" } }
    return method?.call(result) as Flow<*>?
}

private fun property(of: Any, name: String): Any? =
    of::class.memberProperties.single { it.name == name }.getter.call(of)

/** A record's field by the service's name for it; one that the record does not have is a failure. */
fun field(record: Any, name: String): Any? {
    val property = record::class.memberProperties.find { it.name == camel(name) }
    checkNotNull(property) { "${record::class.simpleName} has no $name" }
    return property.getter.call(record)
}

/** A value as JSON: secrets as they are printed, records by the service's names for their fields. */
fun written(value: Any?): JsonElement = when (value) {
    null -> JsonNull
    is JsonElement -> value
    is String -> JsonPrimitive(value)
    is Number -> JsonPrimitive(value)
    is Boolean -> JsonPrimitive(value)
    is Instant -> JsonPrimitive(millis.format(value.truncatedTo(ChronoUnit.MILLIS)))
    is SecretText, is SecretJson -> JsonPrimitive(value.toString())
    is Enum<*> -> JsonPrimitive(value.name)
    is Map<*, *> -> JsonObject(value.entries.associate { it.key.toString() to written(it.value) })
    is List<*> -> JsonArray(value.map(::written))
    else -> if (hasWireValue(value)) JsonPrimitive(wireValue(value)) else fields(value)
}

private fun hasWireValue(value: Any) = value::class.memberProperties.any { it.name == "wireValue" }

private fun fields(record: Any): JsonObject {
    check(record::class.isData) { "a value that the runner does not know: $record" }
    val names = record::class.primaryConstructor!!.parameters.map { it.name!! }
    return JsonObject(names.associate { snake(it) to written(property(record, it)) })
}

private fun snake(name: String) = name.replace(Regex("[A-Z]")) { "_" + it.value.lowercase() }

private val millis = DateTimeFormatterBuilder().appendInstant(3).toFormatter()
