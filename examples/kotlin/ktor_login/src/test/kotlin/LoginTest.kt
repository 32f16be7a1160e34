import java.net.HttpCookie
import java.net.http.HttpResponse
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import rs.scalekit.Emulator
import rs.scalekit.text

private const val GRACE = """{"email": "grace@acme.example", "given_name": "Grace", "family_name": "Hopper"}"""

/** Tests the application over plain HTTP: its functions, and above all what it rejects. */
class LoginTest {
    @BeforeEach
    fun reset() = Emulator.reset()

    @Test
    fun `a user logs in and out`() {
        Emulator.script("""{"approve": $GRACE, "count": 3}""")
        val browser = Browser(app.url)
        val page = browser.get("/login?next=/me%3Ftab%3D2")
        assertEquals("${app.url}/me?tab=2", page.uri().toString())
        assertTrue(page.body().contains("<h1>Hello, Grace Hopper</h1>"), page.body())
        assertEquals("${app.url}/me", browser.get("/login?next=https://evil.example").uri().toString())
        assertEquals("${app.url}/me", browser.get("/login?next=//evil.example").uri().toString())
        assertRedirectsToLogin(once("${app.url}/me"))

        val key = browser.cookie("app_session")
        assertEquals(403, browser.post("/logout", "origin", "https://evil.example").statusCode())
        assertEquals(403, browser.post("/logout").statusCode())
        assertEquals(200, browser.get("/me").statusCode())
        val home = browser.post("/logout", "origin", app.url)
        assertEquals("200 ${app.url}/", "${home.statusCode()} ${home.uri()}")
        assertRedirectsToLogin(once("${app.url}/me", "cookie", "app_session=$key"))
    }

    @Test
    fun `each login gets a new session key`() {
        val browser = Browser(app.url)
        browser.get("/login")
        val first = browser.cookie("app_session")
        browser.get("/login")
        assertNotEquals(first, browser.cookie("app_session"))
        assertRedirectsToLogin(once("${app.url}/me", "cookie", "app_session=$first"))
    }

    @Test
    fun `a callback is accepted once and only in the browser that started the login`() {
        val started = once("${app.url}/login")
        val callback = once(started.header("location")).header("location")
        assertTrue(callback.startsWith("${app.url}/callback?"), callback)
        assertEquals(400, once(callback).statusCode(), "a browser without a login")
        val otherCookie = cookieOf(once("${app.url}/login"))
        assertEquals(403, once(callback, "cookie", otherCookie).statusCode(), "a browser with another login")
        val finished = once(callback, "cookie", cookieOf(started))
        assertEquals("302 /me", "${finished.statusCode()} ${finished.header("location")}")
        assertEquals(400, once(callback, "cookie", cookieOf(started)).statusCode(), "the login is already finished")
    }

    @Test
    fun `a login denied by the identity provider is rejected`() {
        Emulator.script("""{"deny": {"error": "access_denied", "error_description": "a forged description"}}""")
        val denied = Browser(app.url).get("/login")
        assertEquals(403, denied.statusCode())
        assertTrue(denied.body().contains("access_denied"), denied.body())
        assertFalse(denied.body().contains("forged"), "callbacks can be forged: ${denied.body()}")
    }

    @Test
    fun `a callback can be reloaded after a connection error`() {
        val started = once("${app.url}/login")
        val callback = once(started.header("location")).header("location")
        Emulator.fault("""{"operation": "oauth.token", "kind": "drop_before", "count": 20}""")
        val unavailable = once(callback, "cookie", cookieOf(started))
        assertEquals(503, unavailable.statusCode(), unavailable.body())
        Emulator.clearFaults()
        assertEquals(302, once(callback, "cookie", cookieOf(unavailable)).statusCode())
    }

    @Test
    fun `a user name is escaped in HTML`() {
        Emulator.script("""{"approve": {"given_name": "<script>", "family_name": "x"}}""")
        val page = Browser(app.url).get("/login").body()
        assertTrue(page.contains("Hello, &lt;script&gt; x") && !page.contains("<script>"), page)
    }

    @Test
    fun `sessions are refreshed until they have ended`() {
        // With the shortest lifetime, a refresh is due after half a second, by the application's own clock.
        Emulator.control("idp/settings", Json.parseToJsonElement("""{"access_token_lifetime_seconds": 2}"""))
        val browser = Browser(app.url)
        browser.get("/login")
        fun visit() = once("${app.url}/me", "cookie", "app_session=${browser.cookie("app_session")}")
        val first = Emulator.requests("oauth.token").size
        until {
            assertEquals(200, visit().statusCode())
            Emulator.requests("oauth.token").size > first
        }
        Emulator.reset()
        until { visit().statusCode() != 200 }
        assertRedirectsToLogin(visit())
    }

    /** Evaluates the condition until it is true, at most 2,000 times. */
    private fun until(condition: () -> Boolean) = assertTrue((1..2_000).any { condition() })

    @Test
    fun `cookies are HttpOnly, SameSite and bound to the host`() {
        val cookie = once("${app.url}/login").header("set-cookie").split("; ")
        assertTrue(cookie.containsAll(listOf("HttpOnly", "SameSite=Lax", "Path=/")), "$cookie")
        Program("https://app.example").use { behindTls ->
            val started = once("${behindTls.url}/login")
            val (name, attributes) = started.header("set-cookie").split("=", limit = 2)
            assertEquals("__Host-app_login", name)
            assertTrue(attributes.contains("Secure") && !attributes.contains("Domain"), attributes)
            assertTrue(started.header("location").contains("redirect_uri=https%3A%2F%2Fapp.example%2Fcallback"))
        }
    }

    @Test
    fun `the API validates access tokens`() {
        val accepted = report(token())
        assertEquals(200, accepted.statusCode(), accepted.body())
        assertTrue(accepted.body().startsWith("Reports for "), accepted.body())
        for (wrong in listOf("expired", "audience", "issuer", "other_key", "algorithm_none", "algorithm_hmac", "malformed")) {
            val rejected = report(token(""", "token": {"wrong": "$wrong"}"""))
            assertEquals(401, rejected.statusCode(), wrong)
            assertEquals("Bearer error=\"invalid_token\"", rejected.header("www-authenticate"))
        }
        for (header in listOf("", "Basic x")) {
            val rejected = once("${app.url}/api/reports", "authorization", header)
            assertEquals("401 Bearer", "${rejected.statusCode()} ${rejected.header("www-authenticate")}")
        }
        assertEquals(401, once("${app.url}/api/reports").statusCode())
        assertEquals(401, once("${app.url}/api/reports", "authorization", "Bearer").statusCode())
        val forbidden = report(token(scope = "reports:write"))
        assertEquals(403, forbidden.statusCode())
        assertTrue(forbidden.header("www-authenticate").startsWith("Bearer error=\"insufficient_scope\""))
    }

    private fun token(more: String = "", scope: String = "openid reports:read"): String {
        val body = Json.parseToJsonElement("""{"kind": "access", "scope": "$scope"$more}""")
        return Emulator.control("token", body).jsonObject.text("token")
    }

    private fun report(token: String) = once("${app.url}/api/reports", "authorization", "Bearer $token")

    private fun assertRedirectsToLogin(response: HttpResponse<String>) =
        assertEquals("302 /login?next=%2Fme", "${response.statusCode()} ${response.header("location")}")

    private fun cookieOf(response: HttpResponse<*>): String =
        HttpCookie.parse(response.header("set-cookie")).single().let { "${it.name}=${it.value}" }

    companion object {
        private val app = Program()

        @AfterAll
        @JvmStatic
        fun stop() = app.close()
    }
}
