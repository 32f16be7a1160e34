import io.ktor.http.Cookie
import io.ktor.server.application.ApplicationCall
import java.security.SecureRandom
import java.util.Base64
import java.util.Collections

/**
 * Keeps one value for each browser, which gets nothing but a random key to it, in a cookie that no script can read.
 *
 * It lives in this process, to keep the example short. With several, use your session store: `toText` and `fromText`
 * write transactions and sessions down and read them back.
 */
class Cupboard<T : Any>(name: String, private val secure: Boolean) {
    // A browser takes a cookie of such a name from this very host only, not from a sister domain.
    private val cookie = if (secure) "__Host-$name" else name

    private val values = Collections.synchronizedMap(
        object : LinkedHashMap<String, T>(16, 0.75f, true) {
            // Whoever begins logins without end takes no memory without end.
            override fun removeEldestEntry(eldest: Map.Entry<String, T>) = size > MOST
        },
    )

    fun get(call: ApplicationCall): T? = call.request.cookies[cookie]?.let { values[it] }

    /** Always under a new key: one that somebody planted in the browser before is worth nothing. */
    fun put(call: ApplicationCall, value: T) {
        call.request.cookies[cookie]?.let { values.remove(it) }
        val key = randomKey()
        values[key] = value
        call.response.cookies.append(filled(key))
    }

    /** The value, which is not here any more afterwards. */
    fun take(call: ApplicationCall): T? = call.request.cookies[cookie]?.let { values.remove(it) }

    /** Has the browser forget its key. */
    fun clear(call: ApplicationCall) = call.response.cookies.append(filled("").copy(maxAge = 0))

    private fun filled(key: String) =
        Cookie(cookie, key, path = "/", secure = secure, httpOnly = true, extensions = mapOf("SameSite" to "Lax"))

    private fun randomKey(): String =
        Base64.getUrlEncoder().withoutPadding().encodeToString(ByteArray(32).also(random::nextBytes))

    private companion object {
        const val MOST = 10_000
        val random = SecureRandom()
    }
}
