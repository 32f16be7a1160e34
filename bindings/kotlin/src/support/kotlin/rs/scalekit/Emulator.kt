package rs.scalekit

import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** The emulator's process, one for all tests; it ends with this one. */
object Emulator {
    private val process: Process = ProcessBuilder(
        checkNotNull(System.getProperty("scalekit.emulator")?.takeIf { it.isNotEmpty() }) {
            "-Dscalekit.emulator=… must name the emulator's program; `cargo xtask test kotlin` does"
        },
        "--addr", "127.0.0.1:0", "--exit-with-stdin",
    ).redirectError(ProcessBuilder.Redirect.INHERIT).start()

    private val ready = Json.parseToJsonElement(process.inputStream.bufferedReader().readLine()).jsonObject
    private val http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()

    val url = ready.text("environment_url")
    val clientId = ready.text("client_id")
    val clientSecret = ready.text("client_secret")
    val publicClientId = ready.text("public_client_id")

    /** What a program's environment has to hold, so that `fromEnv` connects to it. */
    val environment = mapOf(
        "SCALEKIT_ENVIRONMENT_URL" to url,
        "SCALEKIT_CLIENT_ID" to clientId,
        "SCALEKIT_CLIENT_SECRET" to clientSecret,
    )

    @JvmStatic
    @JvmOverloads
    fun blocking(options: ClientOptions = ClientOptions()) = ScalekitClient(url, clientId, clientSecret, options)

    fun async(options: ClientOptions = ClientOptions()) = AsyncScalekitClient(url, clientId, clientSecret, options)

    @JvmStatic
    fun reset() {
        control("reset", JsonObject(emptyMap()))
    }

    /** What the person at the identity provider does next. */
    fun script(json: String) {
        control("idp/script", Json.parseToJsonElement(json))
    }

    @JvmStatic
    fun seed(json: String) {
        control("seed", Json.parseToJsonElement(json))
    }

    @JvmStatic
    fun fault(json: String) {
        control("fault", Json.parseToJsonElement(json))
    }

    fun forgetFaults() {
        send(HttpRequest.newBuilder(URI("$url/_emulator/faults")).DELETE().build())
    }

    /** Answers when so many requests of an operation arrived, and so many of them were left by the client. */
    fun wait(operation: String, count: Int, aborted: Int = 0) {
        val wanted = """{"operation": "$operation", "count": $count, "aborted": $aborted, "timeout_ms": 10000}"""
        control("wait", Json.parseToJsonElement(wanted))
    }

    /** The requests of an operation that arrived; without one, all that arrived. */
    fun requests(operation: String? = null): List<JsonObject> {
        val query = operation?.let { "?operation=$it" }.orEmpty()
        val answer = send(HttpRequest.newBuilder(URI("$url/_emulator/requests$query")).build())
        return answer.jsonObject.getValue("requests").jsonArray.map { it.jsonObject }
    }

    fun control(command: String, body: JsonElement): JsonElement {
        val publisher = HttpRequest.BodyPublishers.ofString(if (command == "reset") "" else body.toString())
        return send(HttpRequest.newBuilder(URI("$url/_emulator/$command")).POST(publisher).build())
    }

    private fun send(request: HttpRequest): JsonElement {
        val response = http.send(request, HttpResponse.BodyHandlers.ofString())
        check(response.statusCode() in 200..299) { "${request.uri()}: ${response.statusCode()} ${response.body()}" }
        return response.body().takeIf { it.isNotBlank() }?.let(Json::parseToJsonElement) ?: JsonArray(emptyList())
    }

    /** An environment of five organizations, `org_1` to `org_5`. */
    @JvmStatic
    fun seedFive() = seed(
        (1..5).joinToString(prefix = """{"organizations": [""", postfix = "]}") {
            """{"id": "org_$it", "display_name": "Organization $it"}"""
        },
    )
}

fun JsonObject.text(key: String): String = getValue(key).jsonPrimitive.content

val JsonElement.string: String? get() = (this as? JsonPrimitive)?.takeIf { it.isString }?.content
