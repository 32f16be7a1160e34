package rs.scalekit

import java.io.PrintWriter
import java.io.StringWriter
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

private const val CANARY = "hunter2-canary"

private const val CONNECTION = """{"operation": "connections.get", "kind": "answer", "body": {"connection": {
    "id": "conn_1",
    "oidc_config": {"client_secret": "$CANARY"},
    "oauth_config": {"client_secret": "$CANARY", "googleads_developer_token": "$CANARY"},
    "static_config": {"static_config": {"key": "$CANARY"}},
    "google_dwd_config": {"service_account_json": "$CANARY"}}}}"""

class SecretsTest {
    @BeforeEach
    fun reset() = Emulator.reset()

    @Test
    fun `a secret is redacted when printed, alone and inside a record`() = Emulator.blocking().use { client ->
        Emulator.fault(CONNECTION)
        val connection = client.connections.get("org_1", "conn_1")
        assertEquals(CANARY, connection.oidcConfig!!.clientSecret!!.reveal())
        assertTrue(connection.staticConfig!!.staticConfig!!.reveal().toString().contains(CANARY))
        val printed = connection.toString()
        assertTrue(printed.contains("SecretText(..)") && printed.contains("SecretJson(..)"), printed)
        assertFalse(printed.contains(CANARY), printed)
        assertEquals("SecretText(..)", connection.oidcConfig!!.clientSecret.toString())
    }

    @Test
    fun `secrets compare by content without disclosing it through the hash`() {
        assertEquals(SecretText("a"), SecretText("a"))
        assertNotEquals(SecretText("a"), SecretText("b"))
        assertEquals(1, setOf(SecretText("a"), SecretText("a")).size)
        assertEquals(SecretText("a").hashCode(), SecretText("b").hashCode(), "the hash depends on the secret")
        val config = OidcConnectionConfig(clientSecret = SecretText("a"))
        assertEquals(config, OidcConnectionConfig(clientSecret = SecretText("a")))
        assertEquals(config.hashCode(), OidcConnectionConfig(clientSecret = SecretText("a")).hashCode())
    }

    @Test
    fun `options print neither secrets nor header values`() {
        val options = ClientOptions(
            proxyPassword = SecretText(CANARY),
            clientCertificatePem = SecretText(CANARY),
            headers = mapOf("x-gateway-key" to CANARY),
            timeoutSeconds = 5.0,
        )
        val printed = "$options ${CallOptions(headers = mapOf("x-gateway-key" to CANARY))}"
        assertFalse(printed.contains(CANARY), printed)
        assertTrue(printed.contains("x-gateway-key") && printed.contains("timeoutSeconds=5.0"), printed)
    }

    @Test
    fun `clients and errors print no credential`() = runBlocking<Unit> {
        val blocking = ScalekitClient(Emulator.url, Emulator.clientId, CANARY)
        val async = AsyncScalekitClient(Emulator.url, Emulator.clientId, CANARY)
        val error = assertThrows<ScalekitException.Unauthenticated> { blocking.organizations.get("org_1") }
        val asyncError = assertThrows<ScalekitException.Unauthenticated> { async.organizations.get("org_1") }
        val trace = StringWriter().also { error.printStackTrace(PrintWriter(it)) }
        val printed = "$blocking ${blocking.organizations} $async $error ${error.failure} $asyncError $trace"
        assertFalse(printed.contains(CANARY), printed)
    }

    @Test
    fun `clients print their URL and client ID, closed ones too`() {
        val service = listOf(ScalekitClient(Emulator.url, "skc_1", CANARY), AsyncScalekitClient(Emulator.url, "skc_1", CANARY))
        val public = listOf(PublicScalekitClient(Emulator.url, "prc_1"), AsyncPublicScalekitClient(Emulator.url, "prc_1"))
        for ((client, id) in service.map { it to "skc_1" } + public.map { it to "prc_1" }) {
            val expected = "${client::class.simpleName}(${Emulator.url}, $id)"
            assertEquals(expected, "$client")
            client.close()
            assertEquals(expected, "$client")
        }
        val machine = "${MachineClient("m2m_1", CANARY)}"
        assertTrue("m2m_1" in machine && CANARY !in machine, machine)
    }

    @Test
    fun `webhook verifiers and signers print no secret`() {
        val secret = "whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnk"
        val bad = assertThrows<ScalekitException.InvalidArgument> { WebhookVerifier(listOf("$secret***")) }
        val values = listOf(WebhookVerifier(listOf(secret)), InterceptorVerifier(listOf(secret)), WebhookSigner(secret))
        assertFalse("$values $bad ${bad.failure}".contains("Y2FuYXJ5"), "$values $bad")
    }

    @Test
    fun `a client accepts its secret as text or SecretText`() = runBlocking<Unit> {
        Emulator.seedFive()
        val secret = SecretText(Emulator.clientSecret)
        ScalekitClient(Emulator.url, Emulator.clientId, secret).use { client ->
            assertEquals("org_1", client.organizations.get("org_1").id)
            assertFalse("$client".contains(Emulator.clientSecret), "$client")
        }
        AsyncScalekitClient(Emulator.url, Emulator.clientId, secret, ClientOptions(timeoutSeconds = 5.0)).use { client ->
            assertEquals("org_1", client.organizations.get("org_1").id)
        }
        val empty = assertThrows<ScalekitException.InvalidArgument> {
            ScalekitClient(Emulator.url, Emulator.clientId, SecretText(" "))
        }
        assertEquals("`clientSecret` must not be empty", empty.message)
    }

    @Test
    fun `verifiers and signers accept secrets as text or SecretText`() {
        val (text, body) = "whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnk" to "{}".toByteArray()
        val secret = SecretText(text)
        val verifiers = listOf(
            WebhookVerifier(listOf(text)), WebhookVerifier(listOf(secret)), WebhookVerifier(listOf(text).map { it.trim() }),
            WebhookVerifier(listOf(text).map { SecretText(it) }, toleranceSeconds = 60),
        )
        val interceptors = listOf(InterceptorVerifier(listOf(text)), InterceptorVerifier(listOf(secret)))
        for (signer in listOf(WebhookSigner(text), WebhookSigner(secret))) {
            val (webhook, request) = signer.sign("msg_1", body) to signer.signInterceptor("req_1", body)
            verifiers.forEach { assertEquals("msg_1", it.verify(webhook, body).id) }
            interceptors.forEach { assertEquals("req_1", it.verify(request, body).id) }
        }
        val bad = assertThrows<ScalekitException.InvalidArgument> { WebhookVerifier(listOf(SecretText("$text***"))) }
        assertFalse("$verifiers $interceptors $bad ${bad.failure}".contains("Y2FuYXJ5"), "$verifiers $bad")
        val late = assertThrows<ScalekitException.InvalidArgument> { InterceptorVerifier(listOf(secret), 0) }
        assertEquals("`toleranceSeconds` must be 1 to 86400", late.message)
    }

    @Test
    fun `trace logs contain no secret`() {
        Emulator.fault(CONNECTION)
        val (code, log) = program("rs.scalekit.StderrProgram")
        assertEquals(0, code, log)
        assertTrue(log.contains("connections.get") && log.contains("organizations.list"), log)
        assertTrue(log.contains("login.finish") && log.contains("machine_tokens.get"), log)
        for (secret in listOf(CANARY, Emulator.clientSecret, "eyJ")) {
            assertFalse(log.contains(secret), "$secret: $log")
        }
        assertFalse(Regex("code_[0-9a-f]{16}").containsMatchIn(log), log)
    }
}

/** Logs as much as possible. A separate program, since logging applies to the whole process and cannot be undone. */
object StderrProgram {
    @JvmStatic
    fun main(arguments: Array<String>) = runBlocking {
        check(arguments.isEmpty() && logToStderr(LogLevel.TRACE) && !logToStderr(LogLevel.ERROR))
        ScalekitClient.fromEnv(ClientOptions(headers = mapOf("x-gateway-key" to CANARY))).use { client ->
            println(client.connections.get("org_1", "conn_1"))
            logins(client)
        }
        AsyncScalekitClient.fromEnv().use { client -> println(client.organizations.list()) }
    }

    private fun logins(client: ScalekitClient) {
        val callback = "http://127.0.0.1:9/callback"
        val scopes = listOf("openid", "profile", "email", "offline_access")
        val started = client.login.start(LoginOptions(callback, scopes))
        val outcome = client.login.finish(follow(started.authorizationUrl), started.transaction)
        val canary = SecretText(CANARY.repeat(4))
        val expected = TokenExpectations(ExpectedAudience.unchecked())
        println("$outcome ${client.tokens.validate(outcome.session.accessToken.reveal(), expected)}")
        val failing = listOf(
            { client.login.exchangeCode(CodeExchange(canary, callback, codeVerifier = canary)) },
            { client.login.refresh(canary) },
            { client.tokens.validate(canary.reveal(), expected) },
            { client.machineTokens.get(MachineClient("m2morg_1", canary)) },
        )
        failing.forEach { println(assertThrows<ScalekitException> { it() }) }
    }
}
