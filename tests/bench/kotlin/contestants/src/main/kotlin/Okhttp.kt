import java.time.Duration
import java.util.concurrent.CompletableFuture
import okhttp3.Call
import okhttp3.Callback
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.Response
import okio.IOException

/** Jackson with OkHttp. */
class Okhttp : Calls {
    private val url = System.getenv("SCALEKIT_ENVIRONMENT_URL")
    private val token = System.getenv("BENCH_TOKEN")
    private val client = OkHttpClient.Builder().callTimeout(Duration.ofSeconds(20)).build()
    private val decoder = Decoder()

    override fun one() = decoder.one(body(call(USER).execute()))

    override fun page() = decoder.page(body(call(USERS).execute()))

    override fun async() {
        val responses = List(CONCURRENCY) { Pending().also(call(USER)::enqueue) }
        responses.forEach { decoder.one(it.join()) }
    }

    private fun call(path: String): Call {
        val request = Request.Builder().url(url + path).header("authorization", "Bearer $token")
        return client.newCall(request.build())
    }
}

/** The body of a call in progress. */
private class Pending : CompletableFuture<ByteArray>(), Callback {
    override fun onFailure(call: Call, e: IOException) {
        completeExceptionally(e)
    }

    override fun onResponse(call: Call, response: Response) {
        complete(body(response))
    }
}

private fun body(response: Response): ByteArray = response.use {
    check(it.code == 200)
    it.body.bytes()
}
