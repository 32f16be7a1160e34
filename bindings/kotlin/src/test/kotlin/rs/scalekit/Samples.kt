package rs.scalekit

import java.io.File
import java.lang.reflect.Modifier
import java.time.Instant
import kotlin.reflect.KClass
import kotlin.reflect.KType
import kotlin.reflect.full.primaryConstructor
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive

/** Values of every record and enumeration, with all fields set. Secrets are their redacted text, so that they survive it. */
object Samples {
    /** All concrete records. */
    val records: List<KClass<*>> by lazy {
        classes().filter { ScalekitRecord::class.java.isAssignableFrom(it) && !Modifier.isAbstract(it.modifiers) }.map { it.kotlin }
    }

    /** All enumerations to which the service may add values. */
    val openEnums: List<KClass<*>> by lazy { classes().filter { it.superclass == OpenEnum::class.java }.map { it.kotlin } }

    /** All data classes of the package that are not records, and not inside another class. */
    val otherDataClasses: List<String> by lazy {
        val all = classes().filter { it.enclosingClass == null && !ScalekitRecord::class.java.isAssignableFrom(it) }
        all.filter { type -> type.declaredMethods.any { it.name == "component1" } }.map { it.simpleName }
    }

    private val outcome by lazy {
        Emulator.blocking().use { client ->
            val options = LoginOptions("http://127.0.0.1:9/callback", listOf("openid", "offline_access"))
            val started = client.login.start(options)
            started.transaction to client.login.finish(follow(started.authorizationUrl), started.transaction).session
        }
    }

    fun record(kind: KClass<*>): ScalekitRecord {
        val constructor = checkNotNull(kind.primaryConstructor)
        return constructor.callBy(constructor.parameters.associateWith { value(it.type) }) as ScalekitRecord
    }

    private fun value(type: KType): Any {
        val kind = type.classifier as KClass<*>
        return when {
            kind == String::class -> "text \"é\" \uD83D\uDE00"
            kind == Int::class -> 7
            kind == Long::class -> 9_007_199_254_740_993
            kind == Double::class -> 0.25
            kind == Boolean::class -> true
            kind == Instant::class -> Instant.parse("2026-01-02T03:04:05.678901234Z")
            kind == SecretText::class -> SecretText("SecretText(..)")
            kind == SecretJson::class -> SecretJson(JsonPrimitive("SecretJson(..)"))
            kind == JsonElement::class -> JsonObject(mapOf("a" to JsonPrimitive(1), "b" to JsonPrimitive("2")))
            kind == LoginTransaction::class -> outcome.first
            kind == LoginSession::class -> outcome.second
            kind == List::class -> listOf(value(type.arguments[0].type!!), value(type.arguments[0].type!!))
            kind == Map::class -> mapOf("key" to value(type.arguments[1].type!!))
            kind.java.isEnum -> kind.java.enumConstants.last()
            kind.isData -> record(kind)
            kind == WebhookData::class -> WebhookData.OrganizationCreated(record(OrganizationEventData::class) as OrganizationEventData)
            else -> kind.sealedSubclasses.firstNotNullOf { it.objectInstance }
        }
    }

    private fun classes(): List<Class<*>> {
        val root = File(ScalekitClient::class.java.protectionDomain.codeSource.location.toURI())
        return checkNotNull(root.resolve("rs/scalekit").listFiles()).filter { it.extension == "class" }.sorted()
            .map { Class.forName("rs.scalekit.${it.nameWithoutExtension}") }
    }
}
