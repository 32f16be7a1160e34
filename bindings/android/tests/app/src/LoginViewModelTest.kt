package com.example.login

import androidx.lifecycle.viewModelScope
import java.io.File
import java.util.concurrent.Executors
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.job
import kotlinx.coroutines.joinAll
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.test.resetMain
import kotlinx.coroutines.test.setMain
import kotlinx.coroutines.withTimeout
import kotlinx.serialization.json.Json
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import rs.scalekit.Emulator

@OptIn(ExperimentalCoroutinesApi::class)
class LoginViewModelTest {
    @TempDir
    lateinit var folder: File

    private val main = Executors.newSingleThreadExecutor()

    @BeforeEach
    fun reset() {
        Dispatchers.setMain(main.asCoroutineDispatcher())
        Keystore.install()
        resetEmulator()
    }

    @AfterEach
    fun close() {
        Dispatchers.resetMain()
        main.shutdown()
    }

    private suspend fun create() = LoginViewModel(startProcess(folder)).also { it.settle() }

    /** Waits until all actions have ended. */
    private suspend fun LoginViewModel.settle(): LoginState {
        withTimeout(30_000) { viewModelScope.coroutineContext.job.children.toList().joinAll() }
        return state.value
    }

    /** Starts a login, and returns the URL that the browser opens in the app. */
    private suspend fun LoginViewModel.startInBrowser(): String {
        signIn()
        settle()
        return browse(urlsToOpen.first())
    }

    @Test
    fun `user signs in, is still signed in after a restart, and signs out`() = runBlocking {
        val first = create()
        assertEquals(LoginState.SignedOut(), first.state.value)
        first.finish(first.startInBrowser())
        val signedIn = first.settle()
        assertTrue((signedIn as LoginState.SignedIn).subject.startsWith("usr_"), "$signedIn")
        val second = create()
        assertEquals(signedIn, second.state.value)
        second.signOut()
        assertEquals(LoginState.SignedOut(), second.settle())
        assertTrue(browse(second.urlsToOpen.first()).startsWith(Config.POST_LOGOUT_REDIRECT_URI))
        assertEquals(LoginState.SignedOut(), create().state.value)
    }

    @Test
    fun `denied login shows the reason`() = runBlocking {
        Emulator.script("""{"deny": {"error": "access_denied", "error_description": "a forged description"}}""")
        val viewModel = create()
        viewModel.finish(viewModel.startInBrowser())
        val message = (viewModel.settle() as LoginState.SignedOut).message.orEmpty()
        assertTrue("access_denied" in message && "forged" !in message, message)
    }

    @Test
    fun `second redirect of a finished login changes nothing`() = runBlocking {
        val viewModel = create()
        val callback = viewModel.startInBrowser()
        viewModel.finish(callback)
        val signedIn = viewModel.settle()
        viewModel.finish(callback)
        assertEquals(signedIn, viewModel.settle())
        assertEquals(signedIn, create().state.value)
    }

    @Test
    fun `refresh that fails can be repeated`() = runBlocking {
        Emulator.control("idp/settings", Json.parseToJsonElement("""{"access_token_lifetime_seconds": 2}"""))
        val first = create()
        first.finish(first.startInBrowser())
        val signedIn = first.settle()
        Emulator.fault("""{"operation": "oauth.token", "kind": "drop_before", "count": 1000}""")
        val second = create()
        var state = second.state.value
        // A refresh is due after half a second.
        while (state == signedIn) {
            second.restore()
            state = second.settle()
        }
        assertTrue(state is LoginState.Unavailable, "$state")
        Emulator.clearFaults()
        second.restore()
        assertEquals(signedIn, second.settle())
    }

    @Test
    fun `missing browser is reported`() = runBlocking {
        val viewModel = create()
        viewModel.reportNoBrowser()
        assertEquals(LoginState.SignedOut("Install a browser to sign in."), viewModel.state.value)
    }
}
