import com.fasterxml.jackson.databind.DeserializationFeature
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule
import com.fasterxml.jackson.module.kotlin.jacksonMapperBuilder
import com.fasterxml.jackson.module.kotlin.readValue
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.net.http.HttpResponse.BodyHandlers
import java.time.Duration

const val USER = "/api/v1/users/usr_1"
const val USERS = "/api/v1/users?page_size=$PAGE_SIZE"

/** Decodes responses with Jackson into data classes. */
class Decoder {
    private val mapper = jacksonMapperBuilder()
        .addModule(JavaTimeModule())
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .build()

    fun one(body: ByteArray) = check(mapper.readValue<UserResponse>(body).user.id == "usr_1")

    fun page(body: ByteArray) {
        val page = mapper.readValue<Page>(body)
        val reading = ReadingJackson()
        page.users.forEach(reading::user)
        check(page.users.size == PAGE_SIZE.toInt() && reading.count > page.users.size)
    }
}

/** Jackson with the HTTP client of the JDK. */
class Jackson : Calls {
    private val url = System.getenv("SCALEKIT_ENVIRONMENT_URL")
    private val token = System.getenv("BENCH_TOKEN")
    private val client = HttpClient.newHttpClient()
    private val decoder = Decoder()

    override fun one() = decoder.one(get(USER))

    override fun page() = decoder.page(get(USERS))

    override fun async() {
        val responses = List(CONCURRENCY) { client.sendAsync(request(USER), BodyHandlers.ofByteArray()) }
        responses.forEach { decoder.one(body(it.join())) }
    }

    private fun request(path: String): HttpRequest {
        val request = HttpRequest.newBuilder(URI(url + path)).header("authorization", "Bearer $token")
        return request.timeout(Duration.ofSeconds(20)).build()
    }

    private fun get(path: String) = body(client.send(request(path), BodyHandlers.ofByteArray()))

    private fun body(response: HttpResponse<ByteArray>): ByteArray {
        check(response.statusCode() == 200)
        return response.body()
    }
}
