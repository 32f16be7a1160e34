package rs.scalekit

import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put

/** README.md's code on logins and tokens, word for word. */
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
                returnTo = "/reports", // a path in your application; any other URL is rejected
            ),
        )
        val savedTransaction = started.transaction.toText() // store it in the user's session on your server
        println("redirect the browser to ${started.authorizationUrl}")

        val browser = HttpClient.newHttpClient()
        val request = HttpRequest.newBuilder(URI(started.authorizationUrl)).build()
        val response = browser.send(request, HttpResponse.BodyHandlers.discarding())
        val callbackUrl = response.headers().firstValue("location").get()

        val outcome = try {
            client.login.finish(callbackUrl, LoginTransaction.fromText(savedTransaction))
        } catch (error: ScalekitException.LoginFailed) {
            println("login failed: ${error.failure.code}") // access_denied, state_mismatch, …
            throw error
        }
        println("${outcome.claims.email} continues at ${outcome.returnTo}")

        val session = client.login.refreshIfNeeded(outcome.session)
        val savedSession = session.toText() // restore it with `LoginSession.fromText(savedSession)`
        check(LoginSession.fromText(savedSession) == session)

        val logoutUrl = client.login.logoutUrl(LogoutOptions(idTokenHint = session.idToken))
        println("redirect the browser to $logoutUrl")
        return session
    }

    private fun tokens(client: ScalekitClient, token: String): Int {
        val expectations = TokenExpectations(ExpectedAudience.oneOf(listOf(System.getenv("SCALEKIT_CLIENT_ID"))))
        val claims = client.tokens.validate(token, expectations)
        println("${claims.subject} is ${claims.roles} and may read: ${claims.hasPermission("reports:read")}")

        val otherApi = TokenExpectations(ExpectedAudience.oneOf(listOf("https://api.other.example")))
        val status = try {
            client.tokens.validate(token, otherApi)
            200
        } catch (error: ScalekitException.TokenExpired) {
            401 // the caller must refresh the token
        } catch (error: ScalekitException.MissingScope) {
            403
        } catch (error: ScalekitException.InvalidToken) {
            println("rejected: ${error.failure.code}") // wrong_audience, bad_signature, …
            401
        }
        return status
    }

    private fun machines(client: ScalekitClient) {
        val acme = client.organizations.getByExternalId("customer-42")
        val newClient = CreateM2mClient(
            name = "Nightly export",
            scopes = listOf("reports:read"),
            audience = listOf("https://api.acme.example"),
        )
        val created = client.clients.create(acme.id, newClient)

        val machine = MachineClient(created.client!!.clientId, clientSecret = created.plainSecret!!)
        val token = client.machineTokens.get(machine).accessToken
        val authorization = "Bearer ${token.reveal()}"

        val expected = TokenExpectations(
            ExpectedAudience.oneOf(listOf("https://api.acme.example")),
            requiredScopes = listOf("reports:read"),
        )
        val caller = client.tokens.validateMachine(authorization.removePrefix("Bearer "), expected)
        println("${caller.clientId} of ${caller.organizationId} has ${caller.scopes}")
    }
}

/** README.md's code on webhooks and interceptors, word for word. */
object GuideWebhooks {
    private const val SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    private val verifier = WebhookVerifier(listOf(SECRET))

    /** Returns the status code of the response. */
    fun receive(headers: Map<String, String>, body: ByteArray): Int {
        val event = try {
            verifier.event(headers, body)
        } catch (error: ScalekitException.InvalidWebhook) {
            println("rejected: ${error.failure.code}")
            return 401
        }
        when (val data = event.data) {
            is WebhookData.OrganizationCreated -> println("created ${data.organization.displayName}")
            is WebhookData.Unknown -> println("unknown event type ${data.raw.jsonObject["type"]}")
            else -> println("ignored ${event.eventType}")
        }
        return 204
    }

    private val interceptors = InterceptorVerifier(listOf(SECRET))

    /** Returns the status code and the JSON body of the response. */
    fun decide(headers: Map<String, String>, body: ByteArray): Pair<Int, String> {
        val request = try {
            interceptors.request(headers, body)
        } catch (error: ScalekitException.InvalidWebhook) {
            return 401 to "{}"
        }
        val isBlocked = request.context.userEmail.orEmpty().endsWith("@blocked.example")
        val response = when (request.triggerPoint) {
            InterceptorTriggerPoint.PreSignup ->
                if (isBlocked) InterceptorResponse.deny("Ask us for an invitation.") else InterceptorResponse.allow()
            InterceptorTriggerPoint.PreSessionCreation ->
                InterceptorResponse.allowWithClaims(buildJsonObject { put("plan", "enterprise") })
            else -> InterceptorResponse.allow()
        }
        return 200 to response.body
    }

    fun run() {
        webhook()
        interceptor()
    }

    private fun webhook() {
        val body = """{"id": "evt_1", "type": "organization.created", "data": {"id": "org_1", "display_name": "Acme"}}"""
            .toByteArray()
        val headers = WebhookSigner(SECRET).sign("msg_1", body)
        check(receive(headers, body) == 204)
        check(receive(headers, body + ' '.code.toByte()) == 401)
    }

    private fun interceptor() {
        val body = """{"trigger_point": "PRE_SIGNUP", "interceptor_context": {"user_email": "eve@blocked.example"}, "data": {}}"""
            .toByteArray()
        val (status, response) = decide(WebhookSigner(SECRET).signInterceptor("int_1", body), body)
        check(status == 200 && "DENY" in response)
        check(decide(emptyMap(), body) == 401 to "{}")
    }
}
