package rs.scalekit

import java.math.BigInteger
import java.net.InetAddress
import java.net.InetSocketAddress
import kotlin.random.Random
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.double
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test

/** Arbitrary JSON keeps every number and the order of keys, in requests and in responses. */
class JsonNumbersTest {
    @BeforeEach
    fun reset() {
        Emulator.reset()
        Emulator.seed("""{"connected_accounts": [{"id": "ca_1", "connector": "emulator", "identifier": "ada"}]}""")
    }

    private val doubles =
        listOf(5e-324, 2.2250738585072014e-308, Double.MAX_VALUE, 0.1 + 0.2, 0.23596292851475154, -0.0, 5.0, 1e21)
    private val integers = listOf(
        "123456789012345680", "9007199254740993", "9223372036854775807", "-9223372036854775808", "18446744073709551615",
        "18446744073709551616", "-9223372036854775809", "1000000000000000000000000000000",
    )

    private fun tool(value: JsonElement) =
        ExecuteTool("emulator_echo", params = JsonObject(mapOf("value" to value)), connectedAccountId = "ca_1")

    private fun bits(numbers: JsonElement?) = numbers!!.jsonArray.map { it.jsonPrimitive.double.toRawBits() }

    @Test
    fun `hard doubles survive both ways`() = runBlocking {
        val value = JsonArray(doubles.map { JsonPrimitive(it) })
        val sent = doubles.map { it.toRawBits() }
        Emulator.blocking().use { assertEquals(sent, bits(it.tools.execute(tool(value)).data.jsonObject["value"])) }
        Emulator.async().use { assertEquals(sent, bits(it.tools.execute(tool(value)).data.jsonObject["value"])) }
    }

    @Test
    fun `random doubles survive both ways`() = Emulator.blocking().use { client ->
        val random = Random(7)
        repeat(8) {
            val patterns = List(250) { Double.fromBits(random.nextLong()) }.filter { it.isFinite() }
            val numbers = patterns + List(250) { random.nextDouble() }
            val received = client.tools.execute(tool(JsonArray(numbers.map { JsonPrimitive(it) }))).data
            assertEquals(numbers.map { it.toRawBits() }, bits(received.jsonObject["value"]))
        }
    }

    @Test
    fun `integers of any size and the order of keys survive both ways`() = runBlocking {
        val body = Json.parseToJsonElement("""{"z": [${integers.joinToString()}], "a": {"y": 1, "b": {}}}""")
        echo { url ->
            ScalekitClient(url, "skc_1", "secret").use {
                assertEquals(body.toString(), it.request(HttpMethod.POST, "/api/v1/anything", body = body).body.toString())
            }
            AsyncScalekitClient(url, "skc_1", "secret").use {
                val received = it.request(HttpMethod.POST, "/api/v1/anything", body = body).body
                assertEquals(body.toString(), received.toString())
                val numbers = received.jsonObject.getValue("z").jsonArray.map { number -> number.jsonPrimitive.content }
                assertEquals(integers.map(::BigInteger), numbers.map(::BigInteger))
            }
        }
    }

    /** A server that issues access tokens, and returns the body of each other request. */
    private inline fun echo(use: (String) -> Unit) {
        val server = com.sun.net.httpserver.HttpServer.create(InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0)
        server.createContext("/") { exchange ->
            val body = exchange.requestBody.readBytes()
            val token = """{"access_token": "token_1", "token_type": "Bearer", "expires_in": 3600}""".encodeToByteArray()
            val answer = if (exchange.requestURI.path == "/oauth/token") token else body
            exchange.responseHeaders.add("content-type", "application/json")
            exchange.sendResponseHeaders(200, answer.size.toLong())
            exchange.responseBody.use { it.write(answer) }
        }
        server.start()
        try {
            use("http://127.0.0.1:${server.address.port}")
        } finally {
            server.stop(0)
        }
    }
}
