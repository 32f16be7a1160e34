package rs.scalekit

import com.fasterxml.jackson.databind.ObjectMapper
import com.fasterxml.jackson.databind.exc.ValueInstantiationException
import com.fasterxml.jackson.module.kotlin.jacksonObjectMapper
import com.fasterxml.jackson.module.kotlin.readValue
import kotlin.reflect.KClass
import kotlinx.serialization.Serializable
import kotlinx.serialization.SerializationException
import kotlinx.serialization.json.Json
import kotlinx.serialization.serializer
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import tools.jackson.databind.json.JsonMapper
import tools.jackson.module.kotlin.jacksonMapperBuilder

/** A class of a program that contains values of this package. */
@Serializable
data class Signup(
    val organization: Organization,
    val feature: OrganizationFeature,
    val method: HttpMethod,
    val data: WebhookData,
    val limits: Map<OrganizationFeature, Int> = emptyMap(),
)

/** Jackson 2, Jackson 3 and kotlinx.serialization, without a setting or a module of this package. */
class JsonLibrariesTest {
    private val signup = Signup(
        Organization.fromJson("""{"id": "org_1", "display_name": "Acme"}"""),
        OrganizationFeature.DirectorySync,
        HttpMethod.PATCH,
        WebhookData.OrganizationCreated(OrganizationEventData.fromJson("""{"id": "org_1"}""")),
        mapOf(OrganizationFeature.Sso to 5),
    )
    private val mappers = listOf(ObjectMapper(), jacksonObjectMapper())
    private val mappers3 = listOf(JsonMapper(), jacksonMapperBuilder().build())

    /** Redacted text is no session or transaction, and not the value of a header. */
    private val readable = Samples.records -
        setOf(LoginOutcome::class, StartedLogin::class, IdpInitiatedLogin::class) -
        setOf(CallOptions::class, ClientOptions::class)

    @Test
    fun `Jackson 2 writes what toJson writes and reads every record`() = mappers.forEach { mapper ->
        assertEveryRecord(mapper::writeValueAsString) { text, kind -> mapper.readValue(text, kind.java) }
    }

    @Test
    fun `Jackson 3 writes what toJson writes and reads every record`() = mappers3.forEach { mapper ->
        assertEveryRecord(mapper::writeValueAsString) { text, kind -> mapper.readValue(text, kind.java) }
    }

    @Test
    fun `kotlinx serialization writes what toJson writes and reads every record`() = assertEveryRecord(
        { record -> Json.encodeToString(serializer(record.javaClass), record) },
        { text, kind -> Json.decodeFromString(serializer(kind.java), text) },
    )

    @Test
    fun `Jackson writes and reads every enumeration by its wire value`() = Samples.openEnums.forEach { kind ->
        val values = kind.sealedSubclasses.mapNotNull { it.objectInstance as OpenEnum? }
        for (mapper in mappers) {
            assertEquals(values.map { "\"${it.wireValue}\"" }, values.map(mapper::writeValueAsString))
            assertEquals(values, values.map { mapper.readValue("\"${it.wireValue}\"", kind.java) })
        }
        for (mapper in mappers3) {
            assertEquals(values.map { "\"${it.wireValue}\"" }, values.map(mapper::writeValueAsString))
            assertEquals(values, values.map { mapper.readValue("\"${it.wireValue}\"", kind.java) })
        }
        assertEquals(values, values.map { Json.decodeFromString(serializer(kind.java), "\"${it.wireValue}\"") })
        assertTrue(values.isNotEmpty(), "$kind")
    }

    @Test
    fun `values inside classes of a program are written and read`() {
        val expected = """{"organization":{"id":"org_1","display_name":"Acme","metadata":{}},"feature":"dir_sync",""" +
            """"method":"PATCH","data":${signup.data.toJson()},"limits":{"sso":5}}"""
        assertEquals(expected, Json.encodeToString(signup))
        assertEquals(signup, Json.decodeFromString<Signup>(expected))
        assertEquals(expected, mappers[1].writeValueAsString(signup))
        assertEquals(signup, mappers[1].readValue<Signup>(expected))
        assertEquals(expected, mappers3[1].writeValueAsString(signup))
        assertEquals(signup, mappers3[1].readValue(expected, Signup::class.java))
    }

    @Test
    fun `trees of Jackson are converted to records`() {
        val tree = mappers[0].valueToTree<com.fasterxml.jackson.databind.JsonNode>(signup.organization)
        assertEquals("Acme", tree["display_name"].textValue())
        assertEquals(signup.organization, mappers[0].convertValue(tree, Organization::class.java))
    }

    @Test
    fun `errors of the libraries name the field`() {
        val text = """{"metadata": {"seats": 5}}"""
        val jackson = assertThrows<ValueInstantiationException> { mappers[0].readValue(text, Organization::class.java) }
        assertTrue("`metadata.seats` must be text" in jackson.message!!, jackson.message)
        val kotlinx = assertThrows<SerializationException> { Json.decodeFromString<Organization>(text) }
        assertEquals("`metadata.seats` must be text", kotlinx.message)
    }

    @Test
    fun `secrets are always redacted`() {
        val machine = MachineClient("m2m_1", "hunter2")
        val expected = """{"client_id":"m2m_1","client_secret":"SecretText(..)","scopes":[]}"""
        assertEquals(expected, Json.encodeToString(machine))
        for (mapper in mappers) assertEquals(expected, mapper.writeValueAsString(machine))
        for (mapper in mappers3) assertEquals(expected, mapper.writeValueAsString(machine))
    }

    @Test
    fun `numbers of any size and every kind of value survive`() {
        val values = """[9223372036854775808,-1000000000000000000000000000000,4.9E-324,-0.0,0.1,true,false,null,"1",[],{}]"""
        val text = """{"tool_name":"x","params":{"a":$values}}"""
        val tool = ExecuteTool.fromJson(text)
        for (mapper in mappers) assertEquals(tool, mapper.readValue(mapper.writeValueAsString(tool), ExecuteTool::class.java))
        for (mapper in mappers3) assertEquals(tool, mapper.readValue(mapper.writeValueAsString(tool), ExecuteTool::class.java))
        assertEquals(tool, Json.decodeFromString<ExecuteTool>(Json.encodeToString(tool)))
        val huge = ExecuteTool.fromJson("""{"tool_name":"x","params":1E+400}""")
        for (mapper in mappers) assertEquals(huge.toJson(), mapper.writeValueAsString(huge))
        for (mapper in mappers3) assertEquals(huge.toJson(), mapper.writeValueAsString(huge))
        assertEquals(huge.toJson(), Json.encodeToString(huge))
    }

    @Test
    fun `values that JSON does not have are rejected`() {
        val lenient = Json { isLenient = true }
        for (value in NOT_JSON) {
            val text = """{"tool_name": "x", "params": {"a": [$value]}}"""
            for (json in listOf(Json, lenient)) {
                val error = assertThrows<SerializationException> { json.decodeFromString<ExecuteTool>(text) }
                assertEquals("`json` is not valid JSON", error.message)
            }
        }
        val text = """{"tool_name": "x", "params": {"a": [NaN]}}"""
        val mapper = com.fasterxml.jackson.databind.json.JsonMapper.builder()
            .enable(com.fasterxml.jackson.core.json.JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build()
        val error = assertThrows<ValueInstantiationException> { mapper.readValue(text, ExecuteTool::class.java) }
        assertTrue("`json` is not valid JSON" in error.message!!, error.message)
    }

    private fun assertEveryRecord(write: (ScalekitRecord) -> String, read: (String, KClass<*>) -> Any?) {
        assertFalse(readable.isEmpty())
        for (kind in readable) {
            val record = Samples.record(kind)
            val declared = if (record is WebhookData) WebhookData::class else kind
            val text = if (record is WebhookData) record.toJson() else write(record)
            assertEquals(record.toJson(), text, "$kind")
            assertEquals(record, read(text, declared), "$kind")
        }
    }
}
