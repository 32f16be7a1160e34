import java.io.File
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.nio.file.Files
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.put
import kotlinx.serialization.json.putJsonArray
import kotlinx.serialization.json.putJsonObject
import rs.scalekit.text

private val FLAGS = listOf(
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)

/** A Chromium browser, controlled through the W3C WebDriver protocol. */
class Chromium(browser: File, driver: File) : AutoCloseable {
    private val profile = Files.createTempDirectory("chromium").toFile()
    private val process = ProcessBuilder(driver.path, "--port=0").redirectErrorStream(true).start()
    private val http = HttpClient.newHttpClient()
    private val session: String

    init {
        val ready = Regex("""started successfully on port (\d+)""")
        val lines = process.inputStream.bufferedReader().lineSequence()
        val port = lines.firstNotNullOf { ready.find(it)?.groupValues?.get(1) }
        val capabilities = buildJsonObject {
            putJsonObject("capabilities") {
                putJsonObject("alwaysMatch") {
                    put("browserName", "chrome")
                    // The time that the driver waits for an element to appear, in milliseconds.
                    putJsonObject("timeouts") { put("implicit", 20_000) }
                    putJsonObject("goog:chromeOptions") {
                        put("binary", browser.path)
                        putJsonArray("args") { (FLAGS + "--user-data-dir=$profile").forEach { add(JsonPrimitive(it)) } }
                    }
                }
            }
        }
        val root = "http://127.0.0.1:$port/session"
        session = "$root/${send("POST", root, capabilities).jsonObject.text("sessionId")}"
    }

    val url: String get() = get("url").jsonPrimitive.content

    /** The browser's cookies for the current page. */
    val cookies: List<JsonObject> get() = get("cookie").jsonArray.map { it.jsonObject }

    fun open(url: String) {
        send("POST", "$session/url", buildJsonObject { put("url", url) })
    }

    fun click(selector: String) {
        send("POST", "$session/${element(selector)}/click", JsonObject(emptyMap()))
    }

    /** Waits for an element with this tag and text. A click returns before the next page is there. */
    fun waitFor(tag: String, text: String) {
        element("//$tag[contains(., '$text')]", "xpath")
    }

    /** Runs a script on the page and returns its result. */
    fun script(code: String): JsonElement {
        val body = buildJsonObject {
            put("script", code)
            putJsonArray("args") {}
        }
        return send("POST", "$session/execute/sync", body)
    }

    override fun close() {
        try {
            send("DELETE", session, null)
        } finally {
            process.destroy()
            process.waitFor()
            profile.deleteRecursively()
        }
    }

    private fun element(selector: String, using: String = "css selector"): String {
        val query = buildJsonObject {
            put("using", using)
            put("value", selector)
        }
        return "element/" + send("POST", "$session/element", query).jsonObject.values.single().jsonPrimitive.content
    }

    private fun get(path: String) = send("GET", "$session/$path", null)

    private fun send(method: String, url: String, body: JsonElement?): JsonElement {
        val text = HttpRequest.BodyPublishers.ofString(body?.toString().orEmpty())
        val request = HttpRequest.newBuilder(URI(url)).method(method, text).build()
        val response = http.send(request, HttpResponse.BodyHandlers.ofString())
        check(response.statusCode() == 200) { "$method $url: ${response.body().take(500)}" }
        return Json.parseToJsonElement(response.body()).jsonObject.getValue("value")
    }

    companion object {
        /** Starts the browser, or returns null if the browser or its driver is not installed. */
        fun find(): Chromium? {
            val (browser, driver) = listOf("chromium", "chromedriver").map { name ->
                System.getenv("PATH").split(File.pathSeparator).map { File(it, name) }.find { it.canExecute() }
            }
            return if (browser != null && driver != null) Chromium(browser, driver) else null
        }
    }
}
