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

/** Returns the Kotlin name of a field: `displayName` for `display_name`. */
fun camel(name: String): String =
    name.split('_').reduce { camel, word -> camel + word.replaceFirstChar(Char::uppercase) }

/** Converts a scenario's JSON to a value of the public API. Fails if the type does not have one of the fields. */
fun fromJson(type: KType, json: JsonElement): Any? {
    if (json is JsonNull && type.isMarkedNullable) return null
    val kind = type.classifier as KClass<*>
    return when {
        kind == String::class -> checkNotNull(json.string) { "not a string: $json" }
        kind == Int::class -> json.jsonPrimitive.int
        kind == Long::class -> json.jsonPrimitive.long
        kind == Double::class -> json.jsonPrimitive.double
        kind == Boolean::class -> json.jsonPrimitive.boolean
        kind == Instant::class -> Instant.parse(json.string)
        kind == SecretText::class -> SecretText(checkNotNull(json.string))
        kind == SecretJson::class -> SecretJson(json)
        kind == JsonElement::class -> json
        kind == List::class -> json.jsonArray.map { fromJson(type.arguments[0].type!!, it) }
        kind == Map::class -> json.jsonObject.mapValues { fromJson(type.arguments[1].type!!, it.value) }
        kind.java.isEnum -> kind.java.enumConstants.single { (it as Enum<*>).name == json.string }
        kind.isSealed -> openValue(kind, checkNotNull(json.string))
        kind.isData -> record(kind, json.jsonObject)
        else -> error("unsupported type: $type")
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
    kind.primaryConstructor!!.let { it.callBy(arguments(it, null, fields)) }

/** Maps JSON arguments to parameters by name. Fails if the function does not have one of them. */
fun arguments(function: KFunction<*>, self: Any?, json: JsonObject): Map<KParameter, Any?> {
    val byName = json.entries.associate { camel(it.key) to it.value }
    val unknown = byName.keys - function.parameters.mapNotNull { it.name }.toSet()
    check(unknown.isEmpty()) { "${function.name} has no parameters $unknown" }
    return function.parameters.mapNotNull { parameter ->
        when {
            parameter.kind == KParameter.Kind.INSTANCE -> parameter to self
            parameter.name in byName -> parameter to fromJson(parameter.type, byName.getValue(parameter.name!!))
            else -> null
        }
    }.toMap()
}

/** Calls `area.method` on a client of either style. */
suspend fun call(client: Any, name: String, json: JsonObject): Any? {
    val (area, method) = name.split('.')
    val target = if (area == "client") client else checkNotNull(property(client, camel(area)))
    val function = target::class.memberFunctions.find { it.name == camel(method) }
    checkNotNull(function) { "unknown call: $name" }
    val result = try {
        function.callSuspendBy(arguments(function, target, json))
    } catch (error: java.lang.reflect.InvocationTargetException) {
        throw error.targetException
    }
    return when (result) {
        // A pager is iterated as Kotlin code would do it.
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

/** Returns a field of a record by its name in the API. Fails if there is no such field. */
fun field(record: Any, name: String): Any? {
    val property = record::class.memberProperties.find { it.name == camel(name) }
    checkNotNull(property) { "${record::class.simpleName} has no $name" }
    return property.getter.call(record)
}

/** Converts a value to JSON: secrets as they print, records with the names of the fields in the API. */
fun toJson(value: Any?): JsonElement = when (value) {
    null -> JsonNull
    is JsonElement -> value
    is String -> JsonPrimitive(value)
    is Number -> JsonPrimitive(value)
    is Boolean -> JsonPrimitive(value)
    is Instant -> JsonPrimitive(millis.format(value.truncatedTo(ChronoUnit.MILLIS)))
    is SecretText, is SecretJson -> JsonPrimitive(value.toString())
    is Enum<*> -> JsonPrimitive(value.name)
    is Map<*, *> -> JsonObject(value.entries.associate { it.key.toString() to toJson(it.value) })
    is List<*> -> JsonArray(value.map(::toJson))
    else -> if (hasWireValue(value)) JsonPrimitive(wireValue(value)) else fields(value)
}

private fun hasWireValue(value: Any) = value::class.memberProperties.any { it.name == "wireValue" }

private fun fields(record: Any): JsonObject {
    check(record::class.isData) { "unsupported value: $record" }
    val names = record::class.primaryConstructor!!.parameters.map { it.name!! }
    return JsonObject(names.associate { snake(it) to toJson(property(record, it)) })
}

private fun snake(name: String) = name.replace(Regex("[A-Z]")) { "_" + it.value.lowercase() }

private val millis = DateTimeFormatterBuilder().appendInstant(3).toFormatter()
