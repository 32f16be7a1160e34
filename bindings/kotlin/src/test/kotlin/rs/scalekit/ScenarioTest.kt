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
import rs.scalekit.internal.inKotlin

/** Runs all files of tests/scenarios, in both styles. */
class ScenarioTest {
    @TestFactory
    fun `scenarios pass with the blocking client`(): List<DynamicTest> = tests { Emulator.blocking(it) }

    @TestFactory
    fun `scenarios pass with the async client`(): List<DynamicTest> = tests { Emulator.async(it) }

    private fun tests(client: (ClientOptions) -> AutoCloseable): List<DynamicTest> {
        val scenarios = scenarios()
        assertTrue(scenarios.isNotEmpty())
        return scenarios.map { scenario ->
            DynamicTest.dynamicTest(scenario.text("name")) { runBlocking { ScenarioRun(scenario).run(client) } }
        }
    }

    private fun scenarios(): List<JsonObject> {
        val files = checkNotNull(File("../../tests/scenarios").listFiles { file -> file.extension == "json" })
        return files.sorted().flatMap { file ->
            val content = Json.parseToJsonElement(file.readText()).jsonObject
            checkKeys(content, "scenarios").getValue("scenarios").jsonArray.map {
                checkKeys(it.jsonObject, "name", "seed", "faults", "client", "steps")
            }
        }
    }
}

private fun checkKeys(json: JsonObject, vararg keys: String): JsonObject {
    val unknown = json.keys - keys.toSet()
    check(unknown.isEmpty()) { "unknown keys: $unknown" }
    return json
}

/** One run of a scenario, with the values that its steps have bound. */
private class ScenarioRun(private val scenario: JsonObject) {
    private val bound = mutableMapOf<String, String>()

    suspend fun run(client: (ClientOptions) -> AutoCloseable) {
        Emulator.reset()
        scenario["seed"]?.let { Emulator.control("seed", it) }
        injectFaults(scenario)
        val options = fromJson(ClientOptions::class.createType(), scenario["client"] ?: JsonObject(emptyMap()))
        client(options as ClientOptions).use { it ->
            scenario.getValue("steps").jsonArray.forEachIndexed { at, step ->
                val keys = arrayOf("call", "with", "faults", "result", "error", "request", "requests")
                step(it, checkKeys(step.jsonObject, *keys), "step ${at + 1}, ${step.jsonObject.text("call")}")
            }
        }
    }

    private fun injectFaults(of: JsonObject) =
        of["faults"]?.jsonArray.orEmpty().forEach { Emulator.control("fault", substituted(it)) }

    private suspend fun step(client: Any, step: JsonObject, at: String) {
        injectFaults(step)
        val arguments = substituted(step["with"] ?: JsonObject(emptyMap())).jsonObject
        val expected = step["error"]?.jsonObject
        try {
            val result = call(client, step.text("call"), arguments)
            if (expected != null) fail("$at: expected ${expected.text("variant")}, got $result")
            step["result"]?.let { assertMatches(at, substituted(it), result) }
        } catch (error: ScalekitException) {
            if (expected == null) throw error
            assertError(at, error, expected)
        }
        step["request"]?.let { assertSent(at, step.text("call").replace("_all", ""), substituted(it).jsonObject) }
        step["requests"]?.jsonObject?.forEach { (operation, count) ->
            assertEquals(count.jsonPrimitive.int, Emulator.requests(operation).size, "$at: requests of $operation")
        }
    }

    /** Messages about arguments name them as Kotlin does. */
    private fun inKotlin(error: ScalekitException, says: String) =
        if (error is ScalekitException.InvalidArgument) inKotlin(says) else says

    private fun assertError(at: String, error: ScalekitException, expected: JsonObject) {
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
                "says" -> assertTrue(failure.summary.contains(inKotlin(error, value.string!!)), "$at: $value is missing in: $error")
                else -> fail("$at: unknown expectation: $key")
            }
        }
    }

    private fun assertSent(at: String, operation: String, expected: JsonObject) {
        checkKeys(expected, "method", "path", "query", "body")
        val last = Emulator.requests(operation).lastOrNull() ?: fail("$at: no request was sent")
        expected.forEach { (key, value) -> assertEquals(value, last.getValue(key), "$at: $key") }
    }

    private fun assertMatches(at: String, expected: JsonElement, actual: Any?) {
        when {
            expected is JsonObject && actual is Map<*, *> ->
                expected.forEach { (key, value) -> assertMatches("$at.$key", value, actual[key]) }
            expected is JsonObject ->
                expected.forEach { (key, value) ->
                    assertMatches("$at.$key", value, field(actual ?: fail("$at: no value"), key))
                }
            expected is JsonArray -> {
                val list = actual as? List<*> ?: fail("$at: not a list: $actual")
                assertEquals(expected.size, list.size, "$at: $list")
                expected.forEachIndexed { index, value -> assertMatches("$at[$index]", value, list[index]) }
            }
            else -> assertTextMatches(at, expected, actual)
        }
    }

    private fun assertTextMatches(at: String, expected: JsonElement, actual: Any?) {
        val text = expected.string ?: ""
        when {
            text == "\$any" -> assertNotNull(actual.takeUnless { it is JsonNull }, at)
            text.startsWith("\$bind:") -> bound[text.removePrefix("\$bind:")] = toJson(actual).string ?: fail("$at: $actual")
            text.startsWith("\$secret:") -> assertEquals(text.removePrefix("\$secret:"), (actual as SecretText).reveal(), at)
            else -> assertEquals(expected, toJson(actual), at)
        }
    }

    private fun substituted(json: JsonElement): JsonElement = when (json) {
        is JsonObject -> JsonObject(json.mapValues { substituted(it.value) })
        is JsonArray -> JsonArray(json.map { substituted(it) })
        else -> json.string?.let { text ->
            JsonPrimitive(Regex("""\$\{(\w+)}""").replace(text) { bound.getValue(it.groupValues[1]) })
        } ?: json
    }
}
