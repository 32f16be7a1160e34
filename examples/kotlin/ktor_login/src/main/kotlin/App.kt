// A web application with login and logout, and an API that validates access tokens. See README.md for how to run it.

import io.ktor.http.HttpHeaders
import io.ktor.http.HttpStatusCode
import io.ktor.http.HttpStatusCode.Companion.OK
import io.ktor.server.application.Application
import io.ktor.server.application.ApplicationCall
import io.ktor.server.application.ServerReady
import io.ktor.server.application.install
import io.ktor.server.application.log
import io.ktor.server.engine.embeddedServer
import io.ktor.server.html.respondHtml
import io.ktor.server.netty.Netty
import io.ktor.server.plugins.statuspages.StatusPages
import io.ktor.server.request.header
import io.ktor.server.request.queryString
import io.ktor.server.request.uri
import io.ktor.server.response.header
import io.ktor.server.response.respond
import io.ktor.server.response.respondRedirect
import io.ktor.server.response.respondText
import io.ktor.server.routing.get
import io.ktor.server.routing.post
import io.ktor.server.routing.routing
import java.net.URLEncoder
import kotlinx.html.BODY
import kotlinx.html.FormMethod
import kotlinx.html.a
import kotlinx.html.body
import kotlinx.html.button
import kotlinx.html.form
import kotlinx.html.h1
import kotlinx.html.p
import rs.scalekit.AccessTokenClaims
import rs.scalekit.AsyncScalekitClient
import rs.scalekit.ExpectedAudience
import rs.scalekit.LoginOptions
import rs.scalekit.LoginOutcome
import rs.scalekit.LoginSession
import rs.scalekit.LoginTransaction
import rs.scalekit.LogoutOptions
import rs.scalekit.ScalekitException
import rs.scalekit.TokenExpectations
import rs.scalekit.localPath

private val SCOPES = listOf("openid", "profile", "email", "offline_access")
private const val API_SCOPE = "reports:read"

fun main() {
    val appUrl = System.getenv("APP_URL") ?: "http://localhost:8080"
    val port = System.getenv("PORT")?.toInt() ?: 8080
    AsyncScalekitClient.fromEnv().use { client ->
        val app = App(client, appUrl, System.getenv("SCALEKIT_CLIENT_ID"))
        embeddedServer(Netty, port, host = "127.0.0.1") {
            with(app) { routes() }
            monitor.subscribe(ServerReady) { println("Log in at $appUrl/login") }
        }.start(wait = true)
    }
}

class App(private val client: AsyncScalekitClient, private val appUrl: String, clientId: String) {
    private val logins = SessionStore<LoginTransaction>("app_login", secure = appUrl.startsWith("https:"))
    private val users = SessionStore<User>("app_session", secure = appUrl.startsWith("https:"))

    private val expectations =
        TokenExpectations(ExpectedAudience.oneOf(listOf(clientId)), requiredScopes = listOf(API_SCOPE))

    fun Application.routes() {
        install(StatusPages) {
            exception<HttpError> { call, error -> respondError(call, error) }
            exception<ScalekitException> { call, error ->
                this@routes.log.error(error.message)
                call.respondText("The service is unavailable. Try again later.", status = HttpStatusCode.ServiceUnavailable)
            }
        }
        routing {
            get("/") { page(call) { a("/login") { +"Log in" } } }
            get("/login") { login(call) }
            get("/callback") { callback(call) }
            get("/me") { me(call) }
            post("/logout") { logout(call) }
            get("/api/reports") { reports(call) }
        }
    }

    private suspend fun login(call: ApplicationCall) {
        val next = call.request.queryParameters["next"]
        val options = LoginOptions(
            redirectUri = "$appUrl/callback",
            scopes = SCOPES,
            returnTo = next?.let(::localPath), // null for a URL outside this application
        )
        val started = client.login.start(options)
        logins.put(call, started.transaction)
        call.respondRedirect(started.authorizationUrl)
    }

    private suspend fun callback(call: ApplicationCall) {
        val transaction = logins.take(call) // can be used only once
            ?: throw HttpError(HttpStatusCode.BadRequest, "No login was started in this browser.")
        val outcome = finish(call, transaction)
        users.put(call, User(outcome.claims.name ?: outcome.claims.subject, outcome.session))
        logins.clear(call)
        call.respondRedirect(outcome.returnTo ?: "/me")
    }

    private suspend fun finish(call: ApplicationCall, transaction: LoginTransaction): LoginOutcome =
        try {
            client.login.finish(call.request.queryString(), transaction)
        } catch (error: ScalekitException) {
            if (error is ScalekitException.Connection || error is ScalekitException.Timeout) {
                logins.put(call, transaction) // so that the user can reload the page
            }
            if (!error.isLoginFailure) throw error
            // Callback URLs can be forged: show the error code, but not the description.
            throw HttpError(HttpStatusCode.Forbidden, "Login failed: ${error.failure.code}.")
        }

    /** Returns the signed-in user, with a session that is valid for at least another minute, or null. */
    private suspend fun currentUser(call: ApplicationCall): User? {
        val user = users.get(call) ?: return null
        return try {
            user.apply { session = client.login.refreshIfNeeded(session) }
        } catch (_: ScalekitException.LoginRequired) {
            users.take(call)
            null
        }
    }

    private suspend fun me(call: ApplicationCall) {
        val user = currentUser(call)
            ?: return call.respondRedirect("/login?next=" + URLEncoder.encode(call.request.uri, Charsets.UTF_8))
        page(call) {
            h1 { +"Hello, ${user.name}" }
            form("/logout", method = FormMethod.post) { button { +"Log out" } }
        }
    }

    private suspend fun logout(call: ApplicationCall) {
        // Protects against cross-site request forgery: the browser sets the origin of the page with the form.
        if (call.request.header(HttpHeaders.Origin) != appUrl) {
            throw HttpError(HttpStatusCode.Forbidden, "The request came from another site.")
        }
        val idToken = users.take(call)?.session?.idToken
        users.clear(call)
        val home = idToken?.let { "$appUrl/" }
        val url = client.login.logoutUrl(LogoutOptions(idTokenHint = idToken, postLogoutRedirectUri = home))
        call.response.header(HttpHeaders.Location, url)
        call.respond(HttpStatusCode.SeeOther)
    }

    private suspend fun reports(call: ApplicationCall) = call.respondText("Reports for ${authenticate(call).subject}")

    /** Validates the bearer token. Only the first validation sends a request, for the signing keys. */
    private suspend fun authenticate(call: ApplicationCall): AccessTokenClaims {
        val (scheme, token) = call.request.header(HttpHeaders.Authorization).orEmpty().split(' ', limit = 2) + ""
        if (!scheme.equals("Bearer", ignoreCase = true)) {
            throw HttpError(HttpStatusCode.Unauthorized, "The bearer token is missing.", challenge = "Bearer")
        }
        return try {
            client.tokens.validate(token.trim(), expectations)
        } catch (error: ScalekitException.MissingScope) {
            val challenge = "Bearer error=\"insufficient_scope\", scope=\"$API_SCOPE\""
            throw HttpError(HttpStatusCode.Forbidden, error.message, challenge)
        } catch (error: ScalekitException) {
            if (!error.isInvalidToken) throw error
            throw HttpError(HttpStatusCode.Unauthorized, error.message, "Bearer error=\"invalid_token\"")
        }
    }

    private suspend fun respondError(call: ApplicationCall, error: HttpError) {
        if (error.challenge != null) {
            call.response.header(HttpHeaders.WWWAuthenticate, error.challenge)
            call.respondText(error.message, status = error.status)
        } else {
            page(call, error.status) {
                p { +error.message }
                a("/login") { +"Log in" }
            }
        }
    }

    /** Responds with a page. The HTML builder escapes all text, such as a user name with `<script>`. */
    private suspend fun page(call: ApplicationCall, status: HttpStatusCode = OK, content: BODY.() -> Unit) {
        call.response.header(HttpHeaders.CacheControl, "no-store")
        call.respondHtml(status) { body(block = content) }
    }
}

private class User(val name: String, @Volatile var session: LoginSession)

/** An error response. With a challenge, it is a response of the API. */
private class HttpError(val status: HttpStatusCode, override val message: String, val challenge: String? = null) :
    Exception(message)

private val ScalekitException.isLoginFailure
    get() = this is ScalekitException.LoginFailed || this is ScalekitException.LoginRequired || isInvalidToken

private val ScalekitException.isInvalidToken
    get() = this is ScalekitException.InvalidToken || this is ScalekitException.TokenExpired
