package rs.scalekit

import java.io.File
import java.lang.reflect.InvocationTargetException
import java.time.Instant
import java.util.Base64
import kotlin.reflect.full.memberFunctions
import kotlin.reflect.full.primaryConstructor
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.fail
import rs.scalekit.internal.inKotlin

private const val SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

/** Runs tests/fixtures/webhooks.json: verification, signing, reading of events, responses to interceptors. */
class WebhookVectorsTest {
    private val file = Json.parseToJsonElement(File("../../tests/fixtures/webhooks.json").readText()).jsonObject

    @TestFactory
    fun `deliveries are accepted, or rejected with the expected code`() = cases("verify") { case ->
        fun check(): VerifiedWebhook {
            val (secrets, tolerance) = case.texts("secrets") to case.getValue("tolerance_seconds").jsonPrimitive.long
            val (headers, at) = case.textMap("headers") to Instant.parse(case.text("at"))
            return when (case.text("kind")) {
                "webhook" -> WebhookVerifier(secrets, tolerance).verify(headers, body(case), at)
                "interceptor" -> InterceptorVerifier(secrets, tolerance).verify(headers, body(case), at)
                else -> fail("unknown kind")
            }
        }
        val accepted = case["accepted"]?.jsonObject
        if (accepted != null) {
            assertEquals(VerifiedWebhook(accepted.text("id"), Instant.parse(accepted.text("sent_at"))), check())
        } else {
            assertEquals(case.text("refused"), assertThrows<ScalekitException.InvalidWebhook> { check() }.failure.code)
        }
    }

    @TestFactory
    fun `a verifier rejects invalid secrets and tolerances`() = cases("secrets") { case ->
        val tolerance = case["tolerance_seconds"]?.jsonPrimitive?.long
        val name = if (tolerance == null) "secrets" else "tolerance_seconds"
        val secrets = case.texts("secrets")
        val constructors =
            listOf({ WebhookVerifier(secrets, tolerance ?: 300) }, { InterceptorVerifier(secrets, tolerance ?: 300) })
        for (construct in constructors) {
            val bad = assertThrows<ScalekitException.InvalidArgument> { construct() }
            assertTrue(bad.message.startsWith(inKotlin("`$name`")), bad.message)
        }
    }

    @TestFactory
    fun `a signer writes the same headers as the service does`() = cases("sign") { case ->
        val signer = WebhookSigner(case.text("secret"))
        val (id, at) = case.text("id") to Instant.parse(case.text("at"))
        val headers = when (case.text("kind")) {
            "webhook" -> signer.sign(id, body(case), at)
            "interceptor" -> signer.signInterceptor(id, body(case), at)
            else -> fail("unknown kind")
        }
        assertEquals(case.textMap("headers"), headers)
    }

    @TestFactory
    fun `events are read only after verification`() = cases("events") { case ->
        val (verifier, sent) = WebhookVerifier(listOf(SECRET)) to body(case)
        val headers = WebhookSigner(SECRET).sign("msg_1", sent)
        val readers = listOf({ verifier.event(headers, sent) }, { verifier.readVerified(sent) })
        for (read in readers) {
            if ("undecodable" in case) {
                val bad = assertThrows<ScalekitException.Decode> { read() }
                assertTrue(bad.message.startsWith("webhooks.event: the body "), bad.message)
            } else {
                check(read(), case)
            }
        }
        verifier.verify(headers, sent) // succeeds even if the event cannot be decoded
        val forged = assertThrows<ScalekitException.InvalidWebhook> { verifier.event(headers, sent + 32) }
        assertEquals("wrong_signature", forged.failure.code)
    }

    private fun check(event: WebhookEvent, case: JsonObject) {
        case.getValue("event").jsonObject.forEach { (name, value) -> assertEquals(value, toJson(field(event, name)), name) }
        val data = event.data
        assertEquals(case.text("variant"), data::class.simpleName)
        if (data is WebhookData.Unknown) {
            assertEquals(event.eventType to (case["raw"] ?: data.raw), data.eventType to data.raw)
            return
        }
        val subject = checkNotNull(field(data, data::class.primaryConstructor!!.parameters.single().name!!))
        case.getValue("data").jsonObject.forEach { (name, value) -> assertEquals(value, toJson(field(subject, name)), name) }
    }

    @TestFactory
    fun `interceptor responses match the documented bodies`() = cases("responses") { case ->
        val build = InterceptorResponse.Companion::class.memberFunctions.single { it.name == camel(case.text("build")) }
        fun built(): InterceptorResponse {
            val byParameter = arguments(build, InterceptorResponse, case["with"]?.jsonObject ?: JsonObject(emptyMap()))
            return try {
                build.callBy(byParameter) as InterceptorResponse
            } catch (error: InvocationTargetException) {
                throw error.targetException
            }
        }
        val refused = case["refused"]?.string
        if (refused != null) {
            val bad = assertThrows<ScalekitException.InvalidArgument> { built() }
            assertTrue(bad.message.startsWith(inKotlin("`$refused`")), bad.message)
        } else {
            assertEquals(case["body"], Json.parseToJsonElement(built().body))
        }
    }

    private fun cases(of: String, test: (JsonObject) -> Unit): List<DynamicTest> {
        val cases = file.getValue(of).jsonArray.map { it.jsonObject }
        assertTrue(cases.isNotEmpty())
        return cases.map { case ->
            DynamicTest.dynamicTest((case["name"] ?: case["build"] ?: JsonNull).jsonPrimitive.content) { test(case) }
        }
    }

    private fun body(case: JsonObject): ByteArray =
        case["body_base64"]?.let { Base64.getDecoder().decode(it.string) } ?: case.text("body").toByteArray()

    private fun JsonObject.texts(key: String) = getValue(key).jsonArray.map { it.string!! }

    private fun JsonObject.textMap(key: String) = getValue(key).jsonObject.mapValues { it.value.string!! }
}
