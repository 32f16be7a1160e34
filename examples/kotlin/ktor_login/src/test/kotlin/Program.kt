import java.net.CookieManager
import java.net.ServerSocket
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import rs.scalekit.Emulator

/** The application, running in its own process. */
class Program(publicUrl: String? = null) : AutoCloseable {
    private val port = ServerSocket(0).use { it.localPort }
    val url = "http://127.0.0.1:$port"
    private val java = "${System.getProperty("java.home")}/bin/java"
    private val process = ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), "AppKt").apply {
        environment() += Emulator.environment + mapOf("PORT" to "$port", "APP_URL" to (publicUrl ?: url))
        redirectError(ProcessBuilder.Redirect.INHERIT)
    }.start()

    init {
        val line = process.inputStream.bufferedReader().readLine()
        check(line == "Log in at ${publicUrl ?: url}/login") { "unexpected output of the application: $line" }
    }

    override fun close() {
        process.destroy()
        process.waitFor()
    }
}

/** A minimal browser for logins: it follows redirects and keeps cookies. */
class Browser(private val site: String) {
    private val cookies = CookieManager()
    private val client = HttpClient.newBuilder().cookieHandler(cookies).version(HttpClient.Version.HTTP_1_1)
        .followRedirects(HttpClient.Redirect.NORMAL).build()

    fun get(path: String, vararg headers: String): HttpResponse<String> = send(request(path, *headers).GET())

    fun post(path: String, vararg headers: String): HttpResponse<String> =
        send(request(path, *headers).POST(HttpRequest.BodyPublishers.noBody()))

    fun cookie(name: String): String = cookies.cookieStore.cookies.single { it.name == name }.value

    private fun request(path: String, vararg headers: String): HttpRequest.Builder {
        val request = HttpRequest.newBuilder(URI(site).resolve(path))
        return if (headers.isEmpty()) request else request.headers(*headers)
    }

    private fun send(request: HttpRequest.Builder) = client.send(request.build(), HttpResponse.BodyHandlers.ofString())
}

/** Sends one request, with the given headers only, and does not follow redirects. */
fun once(url: String, vararg headers: String): HttpResponse<String> {
    val request = HttpRequest.newBuilder(URI(url)).apply { if (headers.isNotEmpty()) headers(*headers) }.build()
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()
        .send(request, HttpResponse.BodyHandlers.ofString())
}

fun HttpResponse<*>.header(name: String): String = headers().firstValue(name).orElse("")
