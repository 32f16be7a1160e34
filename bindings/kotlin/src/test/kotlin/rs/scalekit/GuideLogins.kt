package rs.scalekit

import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put

/** The guide's code on logins and tokens, in the guide's words. */
object GuideLogins {
    fun run(client: ScalekitClient) {
        val session = logIn(client)
        check(tokens(client, session.accessToken.reveal()) == 401)
        machines(client)
    }

    private fun logIn(client: ScalekitClient): LoginSession {
        val started = client.login.start(
            LoginOptions(
                redirectUri = "http://localhost:8080/callback",
                scopes = listOf("openid", "profile", "email", "offline_access"),
                returnTo = "/reports", // where your own site goes on; a path that leaves it is refused
            ),
        )
        val kept = started.transaction.toText() // into this browser's session, on your server
        println("send the browser to ${started.authorizationUrl}")

        val browser = HttpClient.newHttpClient()
        val request = HttpRequest.newBuilder(URI(started.authorizationUrl)).build()
        val answer = browser.send(request, HttpResponse.BodyHandlers.discarding())
        val callbackUrl = answer.headers().firstValue("location").get()

        val outcome = try {
            client.login.finish(callbackUrl, LoginTransaction.fromText(kept))
        } catch (error: ScalekitException.LoginFailed) {
            println("no login: ${error.failure.code}") // access_denied, state_mismatch, …
            throw error
        }
        println("${outcome.claims.email} goes on at ${outcome.returnTo}")

        val session = client.login.refreshIfNeeded(outcome.session)
        val text = session.toText() // and `LoginSession.fromText(text)` next time
        check(LoginSession.fromText(text) == session)

        val goodbye = client.login.logoutUrl(LogoutOptions(idTokenHint = session.idToken))
        println("send the browser to $goodbye")
        return session
    }

    private fun tokens(client: ScalekitClient, token: String): Int {
        val forUs = TokenExpectations(ExpectedAudience.oneOf(listOf(System.getenv("SCALEKIT_CLIENT_ID"))))
        val claims = client.tokens.validate(token, forUs)
        println("${claims.subject} is ${claims.roles} and may read: ${claims.hasPermission("reports:read")}")

        val forOthers = TokenExpectations(ExpectedAudience.oneOf(listOf("https://api.other.example")))
        val status = try {
            client.tokens.validate(token, forOthers)
            200
        } catch (error: ScalekitException.TokenExpired) {
            401 // the caller has to refresh
        } catch (error: ScalekitException.MissingScope) {
            403
        } catch (error: ScalekitException.InvalidToken) {
            println("refused: ${error.failure.code}") // wrong_audience, bad_signature, …
            401
        }
        return status
    }

    private fun machines(client: ScalekitClient) {
        val acme = client.organizations.getByExternalId("customer-42")
        val robot = CreateM2mClient(
            name = "Nightly export",
            scopes = listOf("reports:read"),
            audience = listOf("https://api.acme.example"),
        )
        val made = client.clients.create(acme.id, robot)

        val machine = MachineClient(made.client!!.clientId, clientSecret = made.plainSecret!!)
        val token = client.machineTokens.get(machine).accessToken
        val authorization = "Bearer ${token.reveal()}"

        val expected = TokenExpectations(
            ExpectedAudience.oneOf(listOf("https://api.acme.example")),
            requiredScopes = listOf("reports:read"),
        )
        val caller = client.tokens.validateMachine(authorization.removePrefix("Bearer "), expected)
        println("${caller.clientId} of ${caller.organizationId} may ${caller.scopes}")
    }
}

/** The guide's code on webhooks and interceptors, in the guide's words. */
object GuideWebhooks {
    private const val SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    private val verifier = WebhookVerifier(listOf(SECRET))

    /** The status to answer with. */
    fun receive(headers: Map<String, String>, body: ByteArray): Int {
        val event = try {
            verifier.event(headers, body)
        } catch (error: ScalekitException.InvalidWebhook) {
            println("refused: ${error.failure.code}")
            return 401
        }
        when (val data = event.data) {
            is WebhookData.OrganizationCreated -> println("welcome, ${data.organization.displayName}")
            is WebhookData.Unknown -> println("newer than this library: ${data.raw.jsonObject["type"]}")
            else -> println("nothing to do for ${event.eventType}")
        }
        return 204
    }

    private val interceptors = InterceptorVerifier(listOf(SECRET))

    /** The status to answer with, and the body, which is JSON. */
    fun decide(headers: Map<String, String>, body: ByteArray): Pair<Int, String> {
        val request = try {
            interceptors.request(headers, body)
        } catch (error: ScalekitException.InvalidWebhook) {
            return 401 to "{}"
        }
        val rival = request.context.userEmail.orEmpty().endsWith("@rival.example")
        val response = when (request.triggerPoint) {
            InterceptorTriggerPoint.PreSignup ->
                if (rival) InterceptorResponse.deny("Please ask us for an invitation.") else InterceptorResponse.allow()
            InterceptorTriggerPoint.PreSessionCreation ->
                InterceptorResponse.allowWithClaims(buildJsonObject { put("plan", "enterprise") })
            else -> InterceptorResponse.allow()
        }
        return 200 to response.body
    }

    fun run() {
        signed()
        intercepted()
    }

    private fun signed() {
        val body = """{"id": "evt_1", "type": "organization.created", "data": {"id": "org_1", "display_name": "Acme"}}"""
            .toByteArray()
        val headers = WebhookSigner(SECRET).sign("msg_1", body)
        check(receive(headers, body) == 204)
        check(receive(headers, body + ' '.code.toByte()) == 401)
    }

    private fun intercepted() {
        val body = """{"trigger_point": "PRE_SIGNUP", "interceptor_context": {"user_email": "eve@rival.example"}, "data": {}}"""
            .toByteArray()
        val (status, answer) = decide(WebhookSigner(SECRET).signInterceptor("int_1", body), body)
        check(status == 200 && "DENY" in answer)
        check(decide(emptyMap(), body) == 401 to "{}")
    }
}
