package com.example.login

import java.io.File
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir
import rs.scalekit.Emulator
import rs.scalekit.LoginSession
import rs.scalekit.ScalekitException

/** The login of the example on the emulator, over a socket. An HTTP client plays the browser tab. */
class LoginTest {
    @TempDir
    lateinit var folder: File

    private val login by lazy { startProcess(folder) }

    @BeforeEach
    fun reset() {
        Keystore.install()
        resetEmulator()
    }

    private suspend fun signIn(): LoginSession = checkNotNull(login.finish(browse(login.start())))

    @Test
    fun `user signs in and out`() = runBlocking {
        assertNull(login.session())
        val session = signIn()
        assertEquals(session, login.session())
        assertTrue(browse(login.signOut()).startsWith(Config.POST_LOGOUT_REDIRECT_URI))
        assertNull(login.session())
        assertTrue(login.signOut().startsWith(Emulator.url), "without a session")
    }

    @Test
    fun `login is finished by another process, which restores the session`() = runBlocking {
        val callback = browse(login.start())
        val session = startProcess(folder).finish(callback)
        assertEquals(session, startProcess(folder).session())
        assertNull(startProcess(folder).finish(callback), "a login is finished once")
    }

    @Test
    fun `URL of another login is rejected, and the login can still be finished`() = runBlocking {
        val forged = browse(login.start())
        val callback = browse(login.start())
        val error = assertThrows<ScalekitException.LoginFailed> { login.finish(forged) }
        assertEquals("state_mismatch", error.failure.code)
        assertNotNull(login.finish(callback))
        Unit
    }

    @Test
    fun `session is refreshed when it is due, and stored`() = runBlocking {
        expireSoon()
        val first = signIn()
        val refreshed = until { login.session().takeIf { it != first } }
        assertEquals(first.subject, refreshed.subject)
        expireLate()
        val last = until { login.session().takeIf { it?.needsRefresh() == false } }
        assertEquals(last, startProcess(folder).session())
    }

    @Test
    fun `session that has ended is deleted`() = runBlocking {
        expireSoon()
        signIn()
        resetEmulator()
        until { if (login.session() == null) Unit else null }
        val requests = Emulator.requests().size
        assertNull(login.session())
        assertEquals(requests, Emulator.requests().size)
    }

    @Test
    fun `late refresh does not restore a session that was deleted`() = runBlocking {
        expireSoon()
        val due = signIn()
        until { if (due.needsRefresh()) Unit else null }
        val before = Emulator.requests("oauth.token").size
        Emulator.fault("""{"operation": "oauth.token", "kind": "delay", "ms": 200}""")
        coroutineScope {
            // Not on this thread, which waits for the emulator.
            launch(Dispatchers.Default) { login.session() }
            Emulator.wait("oauth.token", before + 1)
            login.signOut()
        }
        assertNull(login.session())
    }

    @Test
    fun `canceled refresh is stored`() = runBlocking {
        expireSoon()
        val due = signIn()
        until { if (due.needsRefresh()) Unit else null }
        expireLate()
        val before = Emulator.requests("oauth.token").size
        Emulator.fault("""{"operation": "oauth.token", "kind": "delay", "ms": 200}""")
        val refresh = launch(Dispatchers.Default) { login.session() }
        Emulator.wait("oauth.token", before + 1)
        refresh.cancelAndJoin()
        assertEquals(false, startProcess(folder).session()?.needsRefresh())
        assertEquals(before + 1, Emulator.requests("oauth.token").size)
    }

    @Test
    fun `session is kept while the service is unavailable`() = runBlocking {
        expireSoon()
        val due = signIn()
        Emulator.fault("""{"operation": "oauth.token", "kind": "drop_before", "count": 1000}""")
        // Until the access token expires, a refresh that fails is ignored.
        val error = until { runCatching { login.session() }.exceptionOrNull() }
        assertTrue(error is ScalekitException.Connection, "$error")
        Emulator.clearFaults()
        assertEquals(due.subject, login.session()?.subject)
    }

    private fun expireSoon() = setLifetime(2)

    private fun expireLate() = setLifetime(3600)

    private fun setLifetime(seconds: Int) {
        Emulator.control("idp/settings", Json.parseToJsonElement("""{"access_token_lifetime_seconds": $seconds}"""))
    }

    /** Evaluates until the result is not null. With the shortest lifetime, a refresh is due after half a second. */
    private suspend fun <T : Any> until(result: suspend () -> T?): T {
        repeat(2_000_000) { result()?.let { return it } }
        error("the condition was never met")
    }
}
