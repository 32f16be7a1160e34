package rs.scalekit

import java.time.Instant
import kotlin.reflect.KClass
import kotlin.reflect.full.companionObjectInstance
import kotlinx.serialization.ExperimentalSerializationApi
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.JsonUnquotedLiteral
import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** The companion object of a record. */
@Suppress("UNCHECKED_CAST")
fun recordType(kind: KClass<*>): RecordType<ScalekitRecord> {
    val outer = if (kind.java.superclass == WebhookData::class.java) WebhookData::class else kind
    return outer.companionObjectInstance as RecordType<ScalekitRecord>
}

/** Text that is not JSON, but read by kotlinx.serialization. */
val NOT_JSON: List<String> = listOf("hello", "True", "nul", "NaN", "-Infinity", "+1", "01", "-01", "1.", ".5", "1e", "0x1F", "1_0")

/** Records as JSON with the service's names. */
class JsonTest {
    private val acme = Organization(
        id = "org_1",
        displayName = "Acme",
        createTime = Instant.parse("2026-01-02T03:04:05.678901Z"),
        settings = OrganizationSettings(listOf(OrganizationFeatureSetting(OrganizationFeature.Sso, enabled = true))),
    )
    private val json = """{"id":"org_1","display_name":"Acme","metadata":{},"settings":{"features":[{"name":"sso",""" +
        """"enabled":true}]},"create_time":"2026-01-02T03:04:05.678901Z"}"""

    @Test
    fun `every record survives being written and read`() {
        assertTrue(Samples.records.size > 200, "${Samples.records.size}")
        for (kind in Samples.records) {
            val record = Samples.record(kind)
            assertEquals(record, recordType(kind).fromJson(record.toJson(revealSecrets = true)), "$kind")
        }
    }

    @Test
    fun `only options that contain an expected audience cannot be written`() {
        assertEquals(listOf("TokenExpectations"), Samples.otherDataClasses)
    }

    @Test
    fun `records are written with the names of the service and without absent fields`() {
        assertEquals(json, acme.toJson())
        assertEquals(acme, Organization.fromJson(json))
        val event = WebhookEvent.fromJson("""{"type": "x", "data": {"variant": "Unknown", "raw": 1}}""")
        assertEquals("x", event.eventType)
        assertEquals("x", Json.parseToJsonElement(event.toJson()).jsonObject.text("type"))
    }

    @Test
    fun `unknown names are ignored and missing fields of responses are empty`() {
        assertEquals(Organization.fromJson("{}"), Organization.fromJson("""{"added_later": [1], "id": null}"""))
        assertEquals("" to emptyMap<String, String>(), Organization.fromJson("{}").let { it.id to it.metadata })
        assertEquals(RetryOptions(), RetryOptions.fromJson("{}"))
    }

    @Test
    fun `an unknown value of an enumeration is kept`() {
        val setting = OrganizationFeatureSetting(OrganizationFeature.Unrecognized("telepathy"), enabled = false)
        assertEquals("""{"name":"telepathy","enabled":false}""", setting.toJson())
        assertEquals(setting, OrganizationFeatureSetting.fromJson(setting.toJson()))
        assertEquals(OrganizationFeature.Sso, OrganizationFeature.of("sso"))
    }

    @Test
    fun `a tagged union says which variant it is`() {
        val created = WebhookData.OrganizationCreated(OrganizationEventData.fromJson("""{"id": "org_1"}"""))
        assertEquals("OrganizationCreated", Json.parseToJsonElement(created.toJson()).jsonObject.text("variant"))
        assertEquals(created, WebhookData.fromJson(created.toJson()))
        assertInvalid("`variant` must be the name of a variant") { WebhookData.fromJson("""{"variant": "None"}""") }
    }

    @Test
    fun `secrets are redacted unless revealed`() {
        val machine = MachineClient("m2m_1", "hunter2")
        assertTrue(""""client_secret":"SecretText(..)"""" in machine.toJson(), machine.toJson())
        assertEquals(machine, MachineClient.fromJson(machine.toJson(revealSecrets = true)))
        val started = Emulator.blocking().use { it.login.start(LoginOptions("http://127.0.0.1:9/callback")) }
        assertFalse(started.transaction.toText().reveal() in started.toJson(), started.toJson())
    }

    @Test
    fun `header values of options are redacted unless revealed`() {
        val headers = mapOf("x-gateway-key" to "hunter2")
        for (options in listOf(ClientOptions(headers = headers), CallOptions(headers = headers))) {
            assertTrue(""""headers":{"x-gateway-key":"SecretText(..)"}""" in options.toJson(), options.toJson())
        }
        val revealed = ClientOptions(headers = headers).toJson(revealSecrets = true)
        assertEquals(headers, ClientOptions.fromJson(revealed).headers)
    }

    @Test
    fun `an invalid value is named and not quoted`() {
        assertInvalid("`json` is not valid JSON") { Organization.fromJson("{hunter2") }
        assertInvalid("`json` must be an object") { Organization.fromJson("[]") }
        assertInvalid("`display_name` is required") { CreateOrganization.fromJson("{}") }
        assertInvalid("`metadata.seats` must be text") { Organization.fromJson("""{"metadata": {"seats": 5}}""") }
        assertInvalid("`create_time` must be a timestamp as in RFC 3339") { Organization.fromJson("""{"create_time": "hunter2"}""") }
        assertInvalid("`settings.features[0].enabled` must be true or false") {
            Organization.fromJson("""{"settings": {"features": [{"name": "sso", "enabled": "hunter2"}]}}""")
        }
        assertInvalid("`total_size` must be a number in its range") { OrganizationPage.fromJson("""{"total_size": 1e400}""") }
        assertInvalid("`timeout_seconds` must be a finite number") { ClientOptions(timeoutSeconds = Double.NaN).toJson() }
    }

    @Test
    fun `text that only kotlinx serialization reads as JSON is rejected everywhere`() {
        for (value in NOT_JSON) {
            for (nested in listOf(value, "[1, $value]", """{"a": {"b": [[$value]]}}""")) {
                assertInvalid("`json` is not valid JSON") { ExecuteTool.fromJson("""{"tool_name": "x", "params": $nested}""") }
                assertInvalid("`json` is not valid JSON") { Organization.fromJson("""{"added_later": $nested}""") }
            }
            assertInvalid("`json` is not valid JSON") { OrganizationPage.fromJson("""{"total_size": $value}""") }
            assertInvalid("`json` is not valid JSON") { Organization.fromJson(value) }
        }
        assertInvalid("`json` is not valid JSON") { Organization.fromJson("""{id: "org_1"}""") }
    }

    @Test
    fun `values that JSON has are kept in arbitrary JSON`() {
        val values = """[true,false,null,0,-0,-1.5,12,1e5,1E-2,1.25e+3,123456789012345678901234567890,"01","NaN","hello",{},[]]"""
        val tool = ExecuteTool.fromJson("""{"tool_name": "x", "params": {"a": $values}}""")
        assertEquals("""{"tool_name":"x","params":{"a":$values}}""", tool.toJson())
        val brackets = """{"display_name":"[[{\"[","added_later":"${"[".repeat(200)}"}"""
        assertEquals("[[{\"[", Organization.fromJson(brackets).displayName)
    }

    @Test
    fun `text that is nested too deeply for the core is rejected`() {
        fun nested(depth: Int) = """{"added_later": ${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}"""
        assertEquals("", Organization.fromJson(nested(127)).id)
        for (depth in listOf(128, 100_000)) {
            assertInvalid("`json` is nested more than 127 levels deep") { Organization.fromJson(nested(depth)) }
        }
    }

    @Test
    fun `control characters in strings are escaped`() {
        assertEquals("a\n\u0000", Organization.fromJson("{\n\t\"id\": \"a\\n\\u0000\"}").id)
        for (char in listOf('\n', '\t', '\u0000', '\u001F')) {
            assertInvalid("`json` is not valid JSON") { Organization.fromJson("{\"id\": \"a${char}b\"}") }
        }
    }

    @Test
    fun `numbers as text have the form of numbers`() {
        assertEquals(5, OrganizationPage.fromJson("""{"total_size": "5"}""").totalSize)
        for (text in listOf("+5", "05", " 5", "0x5", "")) {
            assertInvalid("`total_size` must be a number in its range") { OrganizationPage.fromJson("""{"total_size": "$text"}""") }
        }
        for (text in listOf("1d", "1f", "0x1p3", "NaN", "1.")) {
            assertInvalid("`timeout_seconds` must be a number in its range") {
                ClientOptions.fromJson("""{"timeout_seconds": "$text"}""")
            }
        }
    }

    @Test
    @OptIn(ExperimentalSerializationApi::class)
    fun `elements that JSON does not have are rejected by records and calls`() {
        val elements = NOT_JSON.map(::JsonUnquotedLiteral) + JsonPrimitive(Double.NaN)
        Emulator.blocking().use { client ->
            for (element in elements) {
                val tool = ExecuteTool("emulator_echo", params = JsonObject(mapOf("a" to JsonArray(listOf(element)))))
                assertInvalid("`params` is not valid JSON") { tool.toJson() }
                val error = assertThrows<ScalekitException.InvalidArgument> { client.tools.execute(tool) }
                assertTrue("is not valid JSON" in error.message!!, error.message)
                assertThrows<ScalekitException.InvalidArgument> { SecretJson(element) }
            }
        }
    }

    private fun assertInvalid(message: String, call: () -> Unit) {
        assertEquals(message, assertThrows<ScalekitException.InvalidArgument> { call() }.message)
    }
}
