package rs.scalekit

import java.io.File
import java.time.Instant
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.fail

private val KINDS = setOf("access", "machine", "id", "idp_initiated")
private val EXPECTATIONS = setOf("audience", "required_scopes", "issuers", "resource_ids", "nonce", "access_token")

/** Runs tests/fixtures/tokens.json in both styles: valid tokens have the expected claims, others the expected error. */
class TokenVectorsTest {
    private val file = Json.parseToJsonElement(File("../../tests/fixtures/tokens.json").readText()).jsonObject
    private val cases = file.getValue("cases").jsonArray.map { it.jsonObject }

    @TestFactory
    fun `token vectors pass with the blocking client`(): List<DynamicTest> = tests(Style.BLOCKING)

    @TestFactory
    fun `token vectors pass with the async client`(): List<DynamicTest> = tests(Style.ASYNC)

    @Test
    fun `token vectors cover every kind of token`() {
        assertEquals(KINDS, cases.map { it.text("kind") }.toSet())
        assertTrue(cases.count { "error" in it } >= 60)
    }

    private fun tests(style: Style): List<DynamicTest> {
        // No request is sent: the host does not exist, and all keys are preloaded.
        val client = style.open(file.text("environment_url"), file.text("client_id"), "secret")
        client.preloadKeys(file.getValue("keys"))
        return cases.map { case -> DynamicTest.dynamicTest(case.text("name")) { runBlocking { client.run(case) } } }
    }

    private suspend fun ClientAdapter.run(case: JsonObject) {
        val claims = try {
            claims(case)
        } catch (error: ScalekitException) {
            return assertRefused(error, case)
        }
        val expected = case["claims"]?.jsonObject ?: fail("the token was accepted: $claims")
        for ((name, value) in expected) {
            val actual = field(claims, name)
            if (actual is Instant) assertEquals(Instant.parse(value.string), actual, name)
            else assertEquals(value, toJson(actual), name)
        }
    }

    private suspend fun ClientAdapter.claims(case: JsonObject): Any {
        val (token, expected) = case.text("token") to case.getValue("expectations").jsonObject
        val unknown = expected.keys - EXPECTATIONS
        check(unknown.isEmpty()) { "unknown expectations: $unknown" }
        return when (case.text("kind")) {
            "access" -> validate(token, expectations(expected))
            "machine" -> validateMachine(token, expectations(expected))
            "id" -> validateIdToken(token, IdTokenExpectations(expected.secret("nonce"), expected.secret("access_token")))
            "idp_initiated" -> validateIdpInitiated(token)
            else -> fail("unknown kind")
        }
    }

    private fun expectations(of: JsonObject) = TokenExpectations(
        audience = of["audience"]?.takeUnless { it is JsonNull }?.let { ExpectedAudience.oneOf(of.texts("audience")) }
            ?: ExpectedAudience.unchecked(),
        requiredScopes = of.texts("required_scopes"),
        issuers = of.texts("issuers"),
        resourceIds = of.texts("resource_ids"),
    )

    private fun assertRefused(error: ScalekitException, case: JsonObject) {
        val expected = case["error"]?.jsonObject ?: throw error
        val failure = error.failure
        assertEquals(expected.text("variant") to expected.text("code"), error::class.simpleName to failure.code, "$error")
        assertEquals(null to false, failure.status to failure.retryable)
        // Errors must not disclose the token.
        val signature = case.text("token").substringAfterLast('.')
        assertFalse(signature.length >= 20 && "$error $failure".contains(signature), "$error")
    }

    private fun JsonObject.texts(key: String) = get(key)?.jsonArray.orEmpty().map { it.string!! }

    private fun JsonObject.secret(key: String) = get(key)?.string?.let(::SecretText)
}
