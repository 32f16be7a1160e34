import kotlinx.serialization.json.Json
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assertions.fail
import org.junit.jupiter.api.Assumptions.abort
import org.junit.jupiter.api.Test
import rs.scalekit.Emulator
import rs.scalekit.text

/** The application in a real browser, with its rules for cookies and redirects. */
class BrowserTest {
    @Test
    fun `a user logs in and out in Chromium`() {
        Emulator.reset()
        val settings = """{"mode": "page", "person": {"given_name": "Grace", "family_name": "Hopper"}}"""
        Emulator.control("idp/settings", Json.parseToJsonElement(settings))
        chromium().use { browser -> Program().use { app -> logInAndOut(browser, app.url) } }
    }

    private fun logInAndOut(browser: Chromium, app: String) {
        browser.open("$app/me")
        assertTrue(browser.url.startsWith(Emulator.url), browser.url)
        browser.click("#deny")
        browser.waitFor("body", "access_denied")

        browser.open("$app/me")
        browser.click("#approve")
        browser.waitFor("h1", "Hello, Grace Hopper")
        assertEquals("$app/me", browser.url)
        val cookie = browser.cookies.single { it.text("name").startsWith("app_") }
        assertEquals("app_session true Lax", "${cookie.text("name")} ${cookie.text("httpOnly")} ${cookie.text("sameSite")}")
        assertEquals("", browser.script("return document.cookie").jsonPrimitive.content)

        browser.click("button")
        browser.waitFor("a", "Log in")
        assertEquals("$app/", browser.url)
        browser.open("$app/me")
        assertTrue(browser.url.startsWith(Emulator.url), "logged out of the application and of Scalekit: ${browser.url}")
    }

    private fun chromium(): Chromium {
        Chromium.find()?.let { return it }
        val missing = "chromium and chromedriver are not installed"
        if (System.getenv("CI") == "true") fail<Unit>(missing)
        System.err.println("\nwarning: $missing; the browser test was skipped")
        abort<Unit>(missing)
        error(missing)
    }
}
