package rs.scalekit

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource

private const val CALLBACK = "http://127.0.0.1:9/callback"
private val REFRESHABLE = listOf("openid", "profile", "email", "offline_access")
private val OPTIONS = LoginOptions(redirectUri = CALLBACK)

/** Logins from end to end, following the emulator's redirects as a browser would. */
class LoginTest {
    private suspend fun ClientAdapter.logIn(options: LoginOptions = OPTIONS.copy(scopes = REFRESHABLE)): LoginOutcome {
        val started = start(options)
        return finish(follow(started.authorizationUrl), started.transaction)
    }

    @ParameterizedTest
    @EnumSource
    fun `a login returns verified claims and a session`(style: Style) = style.runTest {
        Emulator.script(
            """{"approve": {"email": "grace@acme.example", "given_name": "Grace", "roles": ["admin"], "external_id": "u-7"}}""",
        )
        val outcome = logIn(OPTIONS.copy(scopes = REFRESHABLE, returnTo = "/settings?tab=2"))
        assertEquals("grace@acme.example" to "Grace", outcome.claims.email to outcome.claims.givenName)
        assertEquals("/settings?tab=2", outcome.returnTo)
        val session = outcome.session
        assertEquals(outcome.claims.subject, session.subject)
        assertTrue(session.refreshToken != null && session.idToken != null && !session.needsRefresh())

        val token = session.accessToken.reveal()
        val claims = validate(token, TokenExpectations(ExpectedAudience.oneOf(listOf(Emulator.clientId))))
        assertEquals(session.subject to "u-7", claims.subject to claims.externalUserId)
        assertEquals(listOf(true, false, false), listOf(claims.hasRole("admin"), claims.hasRole("owner"), claims.isMachine))

        val unchecked = TokenExpectations(ExpectedAudience.unchecked())
        assertThrows<ScalekitException.TokenExpired> { validate(token, unchecked, session.expiresAt.plusSeconds(60)) }

        val others = TokenExpectations(ExpectedAudience.oneOf(listOf("https://other.example")))
        val refused = assertThrows<ScalekitException.InvalidToken> { validate(token, others) }
        assertEquals("wrong_audience", refused.failure.code)
        assertEquals(1, Emulator.requests("oauth.keys").size)
    }

    @ParameterizedTest
    @EnumSource
    fun `a login transaction survives serialization`(style: Style) = style.runTest {
        val started = start(OPTIONS.copy(returnTo = "/x"))
        assertEquals(0, Emulator.requests().size, "start sends no request")
        val text = started.transaction.toText()
        val kept = LoginTransaction.fromText(SecretText(text.reveal()))
        assertEquals(started.transaction, kept)
        assertEquals("/x", kept.returnTo)
        val state = query(started.authorizationUrl).getValue("state")
        val printed = "$text $kept ${started.transaction} ${started.copy(authorizationUrl = "")}"
        assertFalse(printed.contains(state), printed)
        assertEquals("/x", finish(follow(started.authorizationUrl), kept).returnTo)
        val bad = assertThrows<ScalekitException.InvalidArgument> { LoginTransaction.fromText(SecretText("{}")) }
        assertTrue(bad.message.contains("is not a login transaction"), bad.message)
    }

    @ParameterizedTest
    @EnumSource
    fun `invalid, repeated and denied callbacks are rejected`(style: Style) = style.runTest {
        val (mine, theirs) = start(OPTIONS) to start(OPTIONS)
        val callback = follow(theirs.authorizationUrl)
        suspend fun refused(callback: String, started: StartedLogin) =
            assertThrows<ScalekitException.LoginFailed> { finish(callback, started.transaction) }.failure.code

        assertEquals("state_mismatch", refused(callback, mine))
        assertEquals("malformed_callback", refused("$callback&code=x", theirs))
        assertEquals(0, Emulator.requests("oauth.token").size, "the code must not be sent")
        finish(callback, theirs.transaction)
        refused(callback, theirs) // the transaction is already used

        Emulator.script("""{"deny": {"error": "access_denied", "error_description": "No."}}""")
        assertEquals("access_denied", refused(follow(mine.authorizationUrl), mine))
        assertThrows<ScalekitException.LoginRequired> { logIn(OPTIONS.copy(prompt = LoginPrompt.Nothing)) }
        Emulator.script("""{"approve": {}, "id_token": {"wrong": "nonce"}}""")
        assertEquals("wrong_nonce", assertThrows<ScalekitException.InvalidToken> { logIn() }.failure.code)
    }

    @ParameterizedTest
    @EnumSource
    fun `a return_to outside the application is rejected`(style: Style) = style.runTest {
        val external = OPTIONS.copy(returnTo = "https://evil.example")
        val bad = assertThrows<ScalekitException.InvalidArgument> { start(external) }
        assertTrue(bad.message.startsWith("`returnTo` must be a path"), bad.message)
        assertEquals("/a?b=c" to null, localPath("/a?b=c") to localPath("//evil.example"))
    }

    @ParameterizedTest
    @EnumSource
    fun `a login transaction of one client is rejected by another`(style: Style) = style.runTest {
        val started = start(OPTIONS)
        val callback = follow(started.authorizationUrl)
        style.open(Emulator.url, "skc_other", "secret").use { other ->
            val refused = assertThrows<ScalekitException.LoginFailed> { other.finish(callback, started.transaction) }
            assertEquals("wrong_environment", refused.failure.code)
        }
        assertEquals(0, Emulator.requests("oauth.token").size, "the code must not be sent")
    }

    @ParameterizedTest
    @EnumSource
    fun `a login initiated by an identity provider completes`(style: Style) = style.runTest {
        Emulator.seed(
            """{"organizations": [{"id": "org_7", "display_name": "Seven", "connections": [
                {"id": "conn_7", "type": "OIDC", "provider": "OKTA", "status": "COMPLETED", "enabled": true}]}]}""",
        )
        val initiation =
            """{"connection_id": "conn_7", "login_hint": "g@seven.example", "login_uri": "http://127.0.0.1:9/login"}"""
        val location = Emulator.control("idp/initiate", Json.parseToJsonElement(initiation)).jsonObject.text("location")
        val started = startIdpInitiated(location, OPTIONS)
        assertEquals("org_7" to "conn_7", started.claims.organizationId to started.claims.connectionId)
        val outcome = finish(follow(started.authorizationUrl), started.transaction)
        assertEquals("org_7", outcome.claims.organizationId)
    }

    @ParameterizedTest
    @EnumSource
    fun `concurrent refreshes of a session send one request`(style: Style) = style.runTest {
        val session = logIn().session.withRefreshDue()
        assertTrue(session.needsRefresh())
        val refreshed = coroutineScope {
            (1..8).map { async(Dispatchers.IO) { refreshIfNeeded(session) } }.awaitAll()
        }
        val next = refreshed.first()
        assertNotEquals(session, next)
        assertTrue(refreshed.all { it == next })
        assertEquals(session.subject to false, next.subject to next.needsRefresh())
        assertEquals(next, refreshIfNeeded(session), "a later call gets the same session")
        assertEquals(2, Emulator.requests("oauth.token").size, "one for the login and one for the refresh")
        assertThrows<ScalekitException.LoginRequired> { refresh(SecretText("unknown-token")) }
    }

    /** Returns the session with a refresh time in the past, set through its serialized form. */
    private fun LoginSession.withRefreshDue(): LoginSession {
        val text = toText().reveal().replace(Regex(""""refresh_at":"[^"]*""""), """"refresh_at":"2020-01-01T00:00:00Z"""")
        return LoginSession.fromText(SecretText(text))
    }

    @ParameterizedTest
    @EnumSource
    fun `logging out ends the session and redirects to the application`(style: Style) = style.runTest {
        val session = logIn().session
        val options =
            LogoutOptions(session.idToken, postLogoutRedirectUri = "http://127.0.0.1:9/goodbye", state = "a state")
        val redirect = follow(logoutUrl(options))
        assertTrue(redirect.startsWith("http://127.0.0.1:9/goodbye?"), redirect)
        assertEquals(mapOf("state" to "a state"), query(redirect))
        assertThrows<ScalekitException.LoginRequired> { refresh(session.refreshToken!!) }
    }

    @Test
    fun `a public client logs in without a secret`() = runBlocking<Unit> {
        Emulator.reset()
        PublicScalekitClient(Emulator.url, Emulator.publicClientId).use { client ->
            val started = client.login.start(OPTIONS)
            val outcome = client.login.finish(follow(started.authorizationUrl), started.transaction)
            assertEquals(listOf(Emulator.publicClientId), outcome.claims.audience)
        }
        AsyncPublicScalekitClient(Emulator.url, Emulator.publicClientId).use { client ->
            val started = client.login.start(OPTIONS)
            val outcome = client.login.finish(follow(started.authorizationUrl), started.transaction)
            assertEquals(listOf(Emulator.publicClientId), outcome.claims.audience)
        }
    }

    @Test
    fun `generatePkce returns an S256 challenge and redacts the verifier`() {
        val pkce = generatePkce()
        assertEquals(43 to "S256", pkce.codeChallenge.length to pkce.codeChallengeMethod)
        assertFalse(pkce.toString().contains(pkce.codeVerifier.reveal()), pkce.toString())
    }

    @ParameterizedTest
    @EnumSource
    fun `logins, sessions and login errors print no token`(style: Style) = style.runTest {
        val started = start(OPTIONS.copy(scopes = REFRESHABLE))
        val callback = follow(started.authorizationUrl)
        val outcome = finish(callback, started.transaction)
        val error = assertThrows<ScalekitException.LoginFailed> { finish(callback, started.transaction) }
        val session = outcome.session
        val exchange = CodeExchange(SecretText(query(callback).getValue("code")), CALLBACK, SecretText("canary-verifier"))
        val logout = LogoutOptions(session.idToken)
        val printed = "$outcome $session ${session.toText()} $exchange $logout $error ${error.failure}"
        val tokens = listOf(session.accessToken, session.refreshToken!!, session.idToken!!, exchange.code)
        for (secret in tokens.map { it.reveal() } + "canary-verifier") {
            assertFalse(printed.contains(secret), printed)
        }
    }
}
