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

/** The emulator, in a process of its own that all tests share and that exits together with this one. */
object Emulator {
    private val process: Process = ProcessBuilder(
        checkNotNull(System.getProperty("scalekit.tests.emulator")?.takeIf { it.isNotEmpty() }) {
            "set -Dscalekit.tests.emulator=… to the path of the emulator, as `cargo xtask test kotlin` does"
        },
        "--json", "--port", "0", "--strict", "--exit-with-stdin",
    ).redirectError(ProcessBuilder.Redirect.INHERIT).start()

    private val ready = Json.parseToJsonElement(process.inputStream.bufferedReader().readLine()).jsonObject
    private val http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()

    val url = ready.text("environment_url")
    val clientId = ready.text("client_id")
    val clientSecret = ready.text("client_secret")
    val publicClientId = ready.text("public_client_id")

    /** The environment variables with which `fromEnv` connects to the emulator. */
    val environment = mapOf(
        "SCALEKIT_ENVIRONMENT_URL" to url,
        "SCALEKIT_CLIENT_ID" to clientId,
        "SCALEKIT_CLIENT_SECRET" to clientSecret,
    )

    @JvmStatic
    @JvmOverloads
    fun blocking(options: ClientOptions = ClientOptions()) = ScalekitClient(url, clientId, clientSecret, options)

    @JvmStatic
    @JvmOverloads
    fun async(options: ClientOptions = ClientOptions()) = AsyncScalekitClient(url, clientId, clientSecret, options)

    @JvmStatic
    fun reset() {
        control("reset", JsonObject(emptyMap()))
    }

    /** Sets what the user at the identity provider does next. */
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

    fun clearFaults() {
        send(HttpRequest.newBuilder(URI("$url/_emulator/faults")).DELETE().build())
    }

    /** Waits until [count] requests of an operation have arrived, and the client has aborted [aborted] of them. */
    @JvmStatic
    @JvmOverloads
    fun wait(operation: String, count: Int, aborted: Int = 0) {
        val condition = """{"operation": "$operation", "count": $count, "aborted": $aborted, "timeout_ms": 10000}"""
        control("wait", Json.parseToJsonElement(condition))
    }

    /** Returns the requests received for [operation], or all requests if it is null. */
    fun requests(operation: String? = null): List<JsonObject> {
        val query = operation?.let { "?operation=$it" }.orEmpty()
        val response = send(HttpRequest.newBuilder(URI("$url/_emulator/requests$query")).build())
        return response.jsonObject.getValue("requests").jsonArray.map { it.jsonObject }
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

    /** Creates five organizations, `org_1` to `org_5`. */
    @JvmStatic
    fun seedFive() = seed(
        (1..5).joinToString(prefix = """{"organizations": [""", postfix = "]}") {
            """{"id": "org_$it", "display_name": "Organization $it"}"""
        },
    )
}

fun JsonObject.text(key: String): String = getValue(key).jsonPrimitive.content

val JsonElement.string: String? get() = (this as? JsonPrimitive)?.takeIf { it.isString }?.content
