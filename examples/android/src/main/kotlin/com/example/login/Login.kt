package com.example.login

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import rs.scalekit.AsyncPublicScalekitClient
import rs.scalekit.LoginOptions
import rs.scalekit.LoginSession
import rs.scalekit.LoginTransaction
import rs.scalekit.LogoutOptions
import rs.scalekit.ScalekitException

/** Signs the user in and out, and stores the session. */
class Login(private val client: AsyncPublicScalekitClient, private val store: SecretStore) {
    private val mutex = Mutex()

    /** Starts a login, in place of any earlier one. Returns the URL to open in a browser tab. */
    suspend fun start(): String = exclusively {
        val scopes = listOf("openid", "profile", "email", "offline_access")
        val started = client.login.start(LoginOptions(Config.REDIRECT_URI, scopes))
        // Android may end the process while the user is in the browser.
        store.save(TRANSACTION, started.transaction.toText())
        started.authorizationUrl
    }

    /**
     * Finishes the login with the URL that the browser opened in this app.
     *
     * Returns null if no login was started. A URL that does not belong to the login fails with `LoginFailed`, and the
     * login can still be finished: any app can send such a URL.
     */
    suspend fun finish(callback: String): LoginSession? = exclusively {
        val transaction = store.load(TRANSACTION)?.let(LoginTransaction::fromText)
        transaction?.let {
            val session = client.login.finish(callback, it).session
            store.save(SESSION, session.toText())
            store.delete(TRANSACTION)
            session
        }
    }

    /**
     * Returns the session, refreshed if its access token is about to expire, or null if the user is signed out.
     *
     * Call this before each request to your API, and send `accessToken`.
     */
    suspend fun session(): LoginSession? = exclusively {
        val saved = savedSession()
        try {
            saved?.let { client.login.refreshIfNeeded(it) }?.also { if (it != saved) store.save(SESSION, it.toText()) }
        } catch (_: ScalekitException.LoginRequired) {
            store.delete(SESSION)
            null
        }
    }

    /** Deletes the session. Returns the URL at which the browser ends the session of the service. */
    suspend fun signOut(): String = exclusively {
        val idToken = savedSession()?.idToken
        store.delete(SESSION)
        val redirectUri = idToken?.let { Config.POST_LOGOUT_REDIRECT_URI }
        client.login.logoutUrl(LogoutOptions(idTokenHint = idToken, postLogoutRedirectUri = redirectUri))
    }

    private fun savedSession(): LoginSession? = store.load(SESSION)?.let(LoginSession::fromText)

    /**
     * Runs one call at a time, so that a refresh that ends late does not restore a session that was deleted. A call
     * that has begun is not canceled: the service may have replaced the refresh token, and the new one must be stored.
     */
    private suspend fun <T> exclusively(call: suspend () -> T): T =
        mutex.withLock { withContext(NonCancellable + Dispatchers.IO) { call() } }

    private companion object {
        const val TRANSACTION = "transaction"
        const val SESSION = "session"
    }
}
