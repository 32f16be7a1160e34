package com.example.login

import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.receiveAsFlow
import kotlinx.coroutines.launch
import rs.scalekit.LoginSession
import rs.scalekit.ScalekitException

/** What the screen shows. */
sealed interface LoginState {
    data object Loading : LoginState

    /** [message] is the reason why a login failed. */
    data class SignedOut(val message: String? = null) : LoginState

    data class SignedIn(val subject: String) : LoginState

    /** There is a session, but its refresh failed, for example because the device is offline. */
    data class Unavailable(val message: String) : LoginState
}

class LoginViewModel(private val login: Login) : ViewModel() {
    private val mutableState = MutableStateFlow<LoginState>(LoginState.Loading)
    val state: StateFlow<LoginState> = mutableState.asStateFlow()

    private val urls = Channel<String>(Channel.CONFLATED)

    /** URLs to open in a browser tab. */
    val urlsToOpen: Flow<String> = urls.receiveAsFlow()

    init {
        restore()
    }

    /** Restores the session that an earlier process has stored. */
    fun restore() = attempt(LoginState::Unavailable) { mutableState.value = stateOf(login.session()) }

    fun signIn() = attempt(LoginState::SignedOut) { urls.send(login.start()) }

    /** Finishes the login with the URL that the browser opened in this app. */
    fun finish(callback: String) = attempt(LoginState::SignedOut) {
        // Without a login, such as after a second redirect, the stored session is unchanged.
        mutableState.value = stateOf(login.finish(callback) ?: login.session())
    }

    fun signOut() = attempt(LoginState::SignedOut) {
        val logoutUrl = login.signOut()
        mutableState.value = LoginState.SignedOut()
        urls.send(logoutUrl)
    }

    fun reportNoBrowser() {
        mutableState.value = LoginState.SignedOut("Install a browser to sign in.")
    }

    private fun stateOf(session: LoginSession?): LoginState =
        session?.let { LoginState.SignedIn(it.subject) } ?: LoginState.SignedOut()

    private fun attempt(failed: (String) -> LoginState, action: suspend () -> Unit) {
        viewModelScope.launch {
            try {
                action()
            } catch (error: ScalekitException) {
                mutableState.value = failed(reason(error))
            }
        }
    }

    /** A one-line reason without secrets. That of a failed login has only the code: its description can be forged. */
    private fun reason(error: ScalekitException): String =
        if (error is ScalekitException.LoginFailed) "Sign-in failed: ${error.failure.code}" else error.message
}
