import io.ktor.http.Cookie
import io.ktor.server.application.ApplicationCall
import java.security.SecureRandom
import java.util.Base64
import java.util.Collections

/**
 * Stores one value per browser. The browser gets only a random key, in a cookie that scripts cannot read.
 *
 * Values are stored in the memory of this process, to keep the example short. With several processes, use your own
 * session store: `toText` and `fromText` serialize transactions and sessions.
 */
class SessionStore<T : Any>(name: String, private val secure: Boolean) {
    // Browsers accept a cookie with this prefix only from the host itself, not from a sibling domain.
    private val cookieName = if (secure) "__Host-$name" else name

    private val values = Collections.synchronizedMap(
        object : LinkedHashMap<String, T>(16, 0.75f, true) {
            // Limits the memory that unfinished logins can use.
            override fun removeEldestEntry(eldest: Map.Entry<String, T>) = size > MAX_ENTRIES
        },
    )

    fun get(call: ApplicationCall): T? = call.request.cookies[cookieName]?.let { values[it] }

    /** Stores a value under a new key. This prevents session fixation: a key planted in the browser is not used. */
    fun put(call: ApplicationCall, value: T) {
        call.request.cookies[cookieName]?.let { values.remove(it) }
        val key = randomKey()
        values[key] = value
        call.response.cookies.append(cookie(key))
    }

    /** Removes the value and returns it. */
    fun take(call: ApplicationCall): T? = call.request.cookies[cookieName]?.let { values.remove(it) }

    /** Deletes the browser's cookie. */
    fun clear(call: ApplicationCall) = call.response.cookies.append(cookie("").copy(maxAge = 0))

    private fun cookie(key: String) =
        Cookie(cookieName, key, path = "/", secure = secure, httpOnly = true, extensions = mapOf("SameSite" to "Lax"))

    private fun randomKey(): String =
        Base64.getUrlEncoder().withoutPadding().encodeToString(ByteArray(32).also(random::nextBytes))

    private companion object {
        const val MAX_ENTRIES = 10_000
        val random = SecureRandom()
    }
}
