package rs.scalekit

import java.io.File
import kotlin.reflect.full.createType
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.double
import kotlinx.serialization.json.int
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.fail

/** Plays every scenario of the repository, in both styles. */
class ScenarioTest {
    @TestFactory
    fun blocking(): List<DynamicTest> = tests { Emulator.blocking(it) }

    @TestFactory
    fun async(): List<DynamicTest> = tests { Emulator.async(it) }

    private fun tests(client: (ClientOptions) -> AutoCloseable): List<DynamicTest> {
        val scenarios = scenarios()
        assertTrue(scenarios.isNotEmpty())
        return scenarios.map { scenario ->
            DynamicTest.dynamicTest(scenario.text("name")) { runBlocking { Play(scenario).run(client) } }
        }
    }

    private fun scenarios(): List<JsonObject> {
        val files = checkNotNull(File("../../tests/scenarios").listFiles { file -> file.extension == "json" })
        return files.sorted().flatMap { file ->
            known(Json.parseToJsonElement(file.readText()).jsonObject, "scenarios").getValue("scenarios").jsonArray.map {
                known(it.jsonObject, "name", "seed", "faults", "client", "steps")
            }
        }
    }
}

private fun known(json: JsonObject, vararg keys: String): JsonObject {
    val unknown = json.keys - keys.toSet()
    check(unknown.isEmpty()) { "keys that the runner does not know: $unknown" }
    return json
}

/** A scenario on its way. */
private class Play(private val scenario: JsonObject) {
    private val kept = mutableMapOf<String, String>()

    suspend fun run(client: (ClientOptions) -> AutoCloseable) {
        Emulator.reset()
        scenario["seed"]?.let { Emulator.control("seed", it) }
        plant(scenario)
        val options = made(ClientOptions::class.createType(), scenario["client"] ?: JsonObject(emptyMap()))
        client(options as ClientOptions).use { it ->
            scenario.getValue("steps").jsonArray.forEachIndexed { at, step ->
                val keys = arrayOf("call", "with", "faults", "result", "error", "request", "requests")
                step(it, known(step.jsonObject, *keys), "step ${at + 1}, ${step.jsonObject.text("call")}")
            }
        }
    }

    private fun plant(place: JsonObject) =
        place["faults"]?.jsonArray.orEmpty().forEach { Emulator.control("fault", filled(it)) }

    private suspend fun step(client: Any, step: JsonObject, at: String) {
        plant(step)
        val arguments = filled(step["with"] ?: JsonObject(emptyMap())).jsonObject
        val expected = step["error"]?.jsonObject
        try {
            val result = call(client, step.text("call"), arguments)
            if (expected != null) fail("$at: ${expected.text("variant")} expected, but it gave $result")
            step["result"]?.let { matches(at, filled(it), result) }
        } catch (error: ScalekitException) {
            if (expected == null) throw error
            failed(at, error, expected)
        }
        step["request"]?.let { sent(at, step.text("call").replace("_all", ""), filled(it).jsonObject) }
        step["requests"]?.jsonObject?.forEach { (operation, count) ->
            assertEquals(count.jsonPrimitive.int, Emulator.requests(operation).size, "$at: requests of $operation")
        }
    }

    private fun failed(at: String, error: ScalekitException, expected: JsonObject) {
        val failure = error.failure
        assertEquals(failure.summary, error.message, at)
        for ((key, value) in expected) {
            when (key) {
                "variant" -> assertEquals(value.string, error::class.simpleName, "$at: $error")
                "status" -> assertEquals(value, JsonPrimitive(failure.status), at)
                "code" -> assertEquals(value, JsonPrimitive(failure.code), at)
                "operation" -> assertEquals(value, JsonPrimitive(failure.operation), at)
                "retryable" -> assertEquals(value, JsonPrimitive(failure.retryable), at)
                "retry_after_seconds" -> assertEquals(value.jsonPrimitive.double, failure.retryAfterSeconds, at)
                "source" -> assertEquals(value.string, failure.source.name, at)
                "fields" -> assertEquals(value.jsonArray.map { it.string }, failure.fieldViolations.map { it.field }, at)
                "says" -> assertTrue(failure.summary.contains(value.string!!), "$at: $value is not in: $error")
                else -> fail("$at: an expectation that the runner does not know: $key")
            }
        }
    }

    private fun sent(at: String, operation: String, expected: JsonObject) {
        known(expected, "method", "path", "query", "body")
        val last = Emulator.requests(operation).lastOrNull() ?: fail("$at: no request arrived")
        expected.forEach { (key, value) -> assertEquals(value, last.getValue(key), "$at: $key") }
    }

    private fun matches(at: String, expected: JsonElement, found: Any?) {
        when {
            expected is JsonObject && found is Map<*, *> ->
                expected.forEach { (key, value) -> matches("$at.$key", value, found[key]) }
            expected is JsonObject ->
                expected.forEach { (key, value) -> matches("$at.$key", value, field(found ?: fail("$at: nothing"), key)) }
            expected is JsonArray -> {
                val list = found as? List<*> ?: fail("$at: $found is no list")
                assertEquals(expected.size, list.size, "$at: $list")
                expected.forEachIndexed { index, value -> matches("$at[$index]", value, list[index]) }
            }
            else -> matchesText(at, expected, found)
        }
    }

    private fun matchesText(at: String, expected: JsonElement, found: Any?) {
        val text = expected.string ?: ""
        when {
            text == "\$any" -> assertNotNull(found.takeUnless { it is JsonNull }, at)
            text.startsWith("\$bind:") -> kept[text.removePrefix("\$bind:")] = written(found).string ?: fail("$at: $found")
            text.startsWith("\$secret:") -> assertEquals(text.removePrefix("\$secret:"), (found as SecretText).reveal(), at)
            else -> assertEquals(expected, written(found), at)
        }
    }

    private fun filled(json: JsonElement): JsonElement = when (json) {
        is JsonObject -> JsonObject(json.mapValues { filled(it.value) })
        is JsonArray -> JsonArray(json.map { filled(it) })
        else -> json.string?.let { text ->
            JsonPrimitive(Regex("""\$\{(\w+)}""").replace(text) { kept.getValue(it.groupValues[1]) })
        } ?: json
    }
}
