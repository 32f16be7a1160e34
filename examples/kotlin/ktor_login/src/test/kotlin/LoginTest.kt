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

/** The application through its real front, by plain HTTP: what it does, and above all what it refuses. */
class LoginTest {
    @BeforeEach
    fun reset() = Emulator.reset()

    @Test
    fun `a person logs in and out`() {
        Emulator.script("""{"approve": $GRACE, "count": 3}""")
        val hers = Browser(app.url)
        val arrived = hers.get("/login?next=/me%3Ftab%3D2")
        assertEquals("${app.url}/me?tab=2", arrived.uri().toString())
        assertTrue(arrived.body().contains("<h1>Hello, Grace Hopper</h1>"), arrived.body())
        assertEquals("${app.url}/me", hers.get("/login?next=https://evil.example").uri().toString())
        assertEquals("${app.url}/me", hers.get("/login?next=//evil.example").uri().toString())
        assertLeadsToLogin(once("${app.url}/me"))

        val key = hers.cookie("app_session")
        assertEquals(403, hers.post("/logout", "origin", "https://evil.example").statusCode())
        assertEquals(403, hers.post("/logout").statusCode())
        assertEquals(200, hers.get("/me").statusCode())
        val left = hers.post("/logout", "origin", app.url)
        assertEquals("200 ${app.url}/", "${left.statusCode()} ${left.uri()}")
        assertLeadsToLogin(once("${app.url}/me", "cookie", "app_session=$key"))
    }

    @Test
    fun `each login has a key of its own`() {
        val hers = Browser(app.url)
        hers.get("/login")
        val first = hers.cookie("app_session")
        hers.get("/login")
        assertNotEquals(first, hers.cookie("app_session"))
        assertLeadsToLogin(once("${app.url}/me", "cookie", "app_session=$first"))
    }

    @Test
    fun `a callback counts once, and in its own browser`() {
        val hers = once("${app.url}/login")
        val back = once(hers.header("location")).header("location")
        assertTrue(back.startsWith("${app.url}/callback?"), back)
        assertEquals(400, once(back).statusCode(), "no login was begun there")
        val his = cookieOf(once("${app.url}/login"))
        assertEquals(403, once(back, "cookie", his).statusCode(), "another one was begun there")
        val came = once(back, "cookie", cookieOf(hers))
        assertEquals("302 /me", "${came.statusCode()} ${came.header("location")}")
        assertEquals(400, once(back, "cookie", cookieOf(hers)).statusCode(), "used up")
    }

    @Test
    fun `who is refused by the identity provider is refused here`() {
        Emulator.script("""{"deny": {"error": "access_denied", "error_description": "words of somebody"}}""")
        val denied = Browser(app.url).get("/login")
        assertEquals(403, denied.statusCode())
        assertTrue(denied.body().contains("access_denied"), denied.body())
        assertFalse(denied.body().contains("words"), "anybody can write a callback: ${denied.body()}")
    }

    @Test
    fun `a callback may be reloaded while the service is away`() {
        val sent = once("${app.url}/login")
        val back = once(sent.header("location")).header("location")
        Emulator.fault("""{"operation": "oauth.token", "kind": "drop_before", "count": 20}""")
        val away = once(back, "cookie", cookieOf(sent))
        assertEquals(503, away.statusCode(), away.body())
        Emulator.forgetFaults()
        assertEquals(302, once(back, "cookie", cookieOf(away)).statusCode())
    }

    @Test
    fun `a name is text, whatever is in it`() {
        Emulator.script("""{"approve": {"given_name": "<script>", "family_name": "x"}}""")
        val page = Browser(app.url).get("/login").body()
        assertTrue(page.contains("Hello, &lt;script&gt; x") && !page.contains("<script>"), page)
    }

    @Test
    fun `sessions are refreshed, until they are over`() {
        // The shortest life there is: due after half a second, by the application's own clock.
        Emulator.control("idp/settings", Json.parseToJsonElement("""{"access_token_lifetime_seconds": 2}"""))
        val hers = Browser(app.url)
        hers.get("/login")
        fun look() = once("${app.url}/me", "cookie", "app_session=${hers.cookie("app_session")}")
        val first = Emulator.requests("oauth.token").size
        until {
            assertEquals(200, look().statusCode())
            Emulator.requests("oauth.token").size > first
        }
        Emulator.reset()
        until { look().statusCode() != 200 }
        assertLeadsToLogin(look())
    }

    /** Looks again and again, which is what people do. */
    private fun until(happened: () -> Boolean) = assertTrue((1..2_000).any { happened() })

    @Test
    fun `no script reads a cookie, and no other site sends one`() {
        val cookie = once("${app.url}/login").header("set-cookie").split("; ")
        assertTrue(cookie.containsAll(listOf("HttpOnly", "SameSite=Lax", "Path=/")), "$cookie")
        Program("https://app.example").use { behindTls ->
            val sent = once("${behindTls.url}/login")
            val (name, attributes) = sent.header("set-cookie").split("=", limit = 2)
            assertEquals("__Host-app_login", name)
            assertTrue(attributes.contains("Secure") && !attributes.contains("Domain"), attributes)
            assertTrue(sent.header("location").contains("redirect_uri=https%3A%2F%2Fapp.example%2Fcallback"))
        }
    }

    @Test
    fun `an API checks the tokens of its callers`() {
        val good = report(token())
        assertEquals(200, good.statusCode(), good.body())
        assertTrue(good.body().startsWith("Reports for "), good.body())
        for (wrong in listOf("expired", "audience", "issuer", "other_key", "algorithm_none", "algorithm_hmac", "malformed")) {
            val refused = report(token(""", "token": {"wrong": "$wrong"}"""))
            assertEquals(401, refused.statusCode(), wrong)
            assertEquals("Bearer error=\"invalid_token\"", refused.header("www-authenticate"))
        }
        for (none in listOf("", "Basic x")) {
            val refused = once("${app.url}/api/reports", "authorization", none)
            assertEquals("401 Bearer", "${refused.statusCode()} ${refused.header("www-authenticate")}")
        }
        assertEquals(401, once("${app.url}/api/reports").statusCode())
        assertEquals(401, once("${app.url}/api/reports", "authorization", "Bearer").statusCode())
        val poor = report(token(scope = "reports:write"))
        assertEquals(403, poor.statusCode())
        assertTrue(poor.header("www-authenticate").startsWith("Bearer error=\"insufficient_scope\""))
    }

    private fun token(more: String = "", scope: String = "openid reports:read"): String {
        val order = Json.parseToJsonElement("""{"kind": "access", "scope": "$scope"$more}""")
        return Emulator.control("token", order).jsonObject.text("token")
    }

    private fun report(token: String) = once("${app.url}/api/reports", "authorization", "Bearer $token")

    private fun assertLeadsToLogin(answer: HttpResponse<String>) =
        assertEquals("302 /login?next=%2Fme", "${answer.statusCode()} ${answer.header("location")}")

    private fun cookieOf(answer: HttpResponse<*>): String =
        HttpCookie.parse(answer.header("set-cookie")).single().let { "${it.name}=${it.value}" }

    companion object {
        private val app = Program()

        @AfterAll
        @JvmStatic
        fun stop() = app.close()
    }
}
