// `ContestantsKt CONTESTANT WORK SECONDS`: CONTESTANT is `ours` or `jackson`, WORK is `one` or `page`.

import com.fasterxml.jackson.databind.DeserializationFeature
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule
import com.fasterxml.jackson.module.kotlin.jacksonMapperBuilder
import com.fasterxml.jackson.module.kotlin.readValue
import com.sun.management.OperatingSystemMXBean
import java.lang.management.ManagementFactory
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse.BodyHandlers
import java.time.Duration
import rs.scalekit.ListUsers
import rs.scalekit.ScalekitClient

/** The time that the JIT compiler needs to warm up. */
const val WARM_UP_SECONDS = 5.0

const val PAGE_SIZE = 100L

class Calls(val one: () -> Unit, val page: () -> Unit)

fun main(arguments: Array<String>) {
    val (contestant, work, seconds) = arguments
    val calls = if (contestant == "ours") ours() else jackson()
    val call = if (work == "one") calls.one else calls.page
    measure(call, WARM_UP_SECONDS)
    println(measure(call, seconds.toDouble()))
}

fun ours(): Calls {
    val client = ScalekitClient.fromEnv()
    return Calls(
        one = { check(client.users.get("usr_1").id == "usr_1") },
        page = { check(client.users.list(ListUsers(pageSize = PAGE_SIZE)).users.size == PAGE_SIZE.toInt()) },
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

    fun get(path: String): ByteArray {
        val request = HttpRequest.newBuilder(URI(url + path)).header("authorization", "Bearer $token")
        val response = client.send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofByteArray())
        check(response.statusCode() == 200)
        return response.body()
    }
    return Calls(
        one = { check(mapper.readValue<UserResponse>(get("/api/v1/users/usr_1")).user.id == "usr_1") },
        page = {
            val page = mapper.readValue<Page>(get("/api/v1/users?page_size=$PAGE_SIZE"))
            check(page.users.size == PAGE_SIZE.toInt())
        },
    )
}

/** The result line for the bench, in microseconds per call. CPU is user and system time of all threads. */
fun measure(call: () -> Unit, seconds: Double): String {
    val system = ManagementFactory.getOperatingSystemMXBean() as OperatingSystemMXBean
    val cpu = system.processCpuTime
    val started = System.nanoTime()
    var calls = 0
    do {
        call()
        calls++
    } while (System.nanoTime() - started < seconds * 1e9)
    val wall = (System.nanoTime() - started) / 1e3 / calls
    return """{"wall": $wall, "cpu": ${(system.processCpuTime - cpu) / 1e3 / calls}}"""
}
