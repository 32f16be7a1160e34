// `ContestantsKt CONTESTANT WORK SECONDS`: CONTESTANT is `ours` or `jackson`, WORK is `one`, `page` or `async`.

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
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import rs.scalekit.AsyncScalekitClient
import rs.scalekit.ListUsers
import rs.scalekit.ScalekitClient

const val PAGE_SIZE = 100L

/** Calls in progress at the same time. */
const val CONCURRENCY = 50

/** What a contestant does. [async] makes [CONCURRENCY] calls at once. */
class Calls(val one: () -> Unit, val page: () -> Unit, val async: () -> Unit)

fun main(arguments: Array<String>) {
    val (contestant, work, seconds) = arguments
    val calls = if (contestant == "ours") ours() else jackson()
    val (call, count) = when (work) {
        "one" -> calls.one to 1
        "page" -> calls.page to 1
        "async" -> calls.async to CONCURRENCY
        else -> error("unknown work: $work")
    }
    warmUp(call)
    println(measure(call, count, seconds.toDouble()))
}

fun ours(): Calls {
    val client = ScalekitClient.fromEnv()
    val asyncClient = AsyncScalekitClient.fromEnv()
    return Calls(
        one = { check(client.users.get("usr_1").id == "usr_1") },
        page = { check(client.users.list(ListUsers(pageSize = PAGE_SIZE)).users.size == PAGE_SIZE.toInt()) },
        async = {
            runBlocking {
                val calls = List(CONCURRENCY) { async { asyncClient.users.get("usr_1") } }
                check(calls.awaitAll().all { it.id == "usr_1" })
            }
        },
    )
}

fun jackson(): Calls {
    val url = System.getenv("SCALEKIT_ENVIRONMENT_URL")
    val token = System.getenv("BENCH_TOKEN")
    val client = HttpClient.newHttpClient()
    val mapper = jacksonMapperBuilder()
        .addModule(JavaTimeModule())
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .build()

    fun request(path: String): HttpRequest {
        val request = HttpRequest.newBuilder(URI(url + path)).header("authorization", "Bearer $token")
        return request.timeout(Duration.ofSeconds(20)).build()
    }

    fun body(response: HttpResponse<ByteArray>): ByteArray {
        check(response.statusCode() == 200)
        return response.body()
    }

    fun get(path: String) = body(client.send(request(path), BodyHandlers.ofByteArray()))
    fun user(body: ByteArray) = mapper.readValue<UserResponse>(body).user
    return Calls(
        one = { check(user(get("/api/v1/users/usr_1")).id == "usr_1") },
        page = {
            val page = mapper.readValue<Page>(get("/api/v1/users?page_size=$PAGE_SIZE"))
            check(page.users.size == PAGE_SIZE.toInt())
        },
        async = {
            val responses = List(CONCURRENCY) {
                client.sendAsync(request("/api/v1/users/usr_1"), BodyHandlers.ofByteArray())
            }
            check(responses.all { user(body(it.join())).id == "usr_1" })
        },
    )
}
