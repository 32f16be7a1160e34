// People log in, and an API checks the tokens of its callers: the whole of it. README.md here says how to run it.

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
    private val logins = Cupboard<LoginTransaction>("app_login", secure = appUrl.startsWith("https:"))
    private val people = Cupboard<Person>("app_session", secure = appUrl.startsWith("https:"))

    private val forOurApi =
        TokenExpectations(ExpectedAudience.oneOf(listOf(clientId)), requiredScopes = listOf(API_SCOPE))

    fun Application.routes() {
        install(StatusPages) {
            exception<Refusal> { call, refusal -> refuse(call, refusal) }
            exception<ScalekitException> { call, error ->
                this@routes.log.error(error.message)
                call.respondText("This does not work just now.", status = HttpStatusCode.ServiceUnavailable)
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
            returnTo = next?.let(::localPath), // a link that leads away from here is forgotten
        )
        val started = client.login.start(options)
        logins.put(call, started.transaction)
        call.respondRedirect(started.authorizationUrl)
    }

    private suspend fun callback(call: ApplicationCall) {
        val transaction = logins.take(call) // it counts once
            ?: throw Refusal(HttpStatusCode.BadRequest, "No login was begun in this browser.")
        val outcome = finish(call, transaction)
        people.put(call, Person(outcome.claims.name ?: outcome.claims.subject, outcome.session))
        logins.clear(call)
        call.respondRedirect(outcome.returnTo ?: "/me")
    }

    private suspend fun finish(call: ApplicationCall, transaction: LoginTransaction): LoginOutcome =
        try {
            client.login.finish(call.request.queryString(), transaction)
        } catch (error: ScalekitException) {
            if (error is ScalekitException.Connection || error is ScalekitException.Timeout) {
                logins.put(call, transaction) // whoever reloads the page tries again
            }
            if (!error.letsNobodyIn) throw error
            // Anybody can write a callback: its code may be shown, its own words may not.
            throw Refusal(HttpStatusCode.Forbidden, "No login: ${error.failure.code}.")
        }

    /** Who sits at the browser, with a session that is good for another minute; or nobody. */
    private suspend fun person(call: ApplicationCall): Person? {
        val person = people.get(call) ?: return null
        return try {
            person.apply { session = client.login.refreshIfNeeded(session) }
        } catch (_: ScalekitException.LoginRequired) {
            people.take(call)
            null
        }
    }

    private suspend fun me(call: ApplicationCall) {
        val person = person(call)
            ?: return call.respondRedirect("/login?next=" + URLEncoder.encode(call.request.uri, Charsets.UTF_8))
        page(call) {
            h1 { +"Hello, ${person.name}" }
            form("/logout", method = FormMethod.post) { button { +"Log out" } }
        }
    }

    private suspend fun logout(call: ApplicationCall) {
        // A browser says whose page its form stands on.
        if (call.request.header(HttpHeaders.Origin) != appUrl) {
            throw Refusal(HttpStatusCode.Forbidden, "This was sent from another site.")
        }
        val idToken = people.take(call)?.session?.idToken
        people.clear(call)
        val home = idToken?.let { "$appUrl/" }
        val url = client.login.logoutUrl(LogoutOptions(idTokenHint = idToken, postLogoutRedirectUri = home))
        call.response.header(HttpHeaders.Location, url)
        call.respond(HttpStatusCode.SeeOther)
    }

    private suspend fun reports(call: ApplicationCall) = call.respondText("Reports for ${caller(call).subject}")

    /** Who calls the API. From the second token on, no check goes to the network. */
    private suspend fun caller(call: ApplicationCall): AccessTokenClaims {
        val (scheme, token) = call.request.header(HttpHeaders.Authorization).orEmpty().split(' ', limit = 2) + ""
        if (!scheme.equals("Bearer", ignoreCase = true)) {
            throw Refusal(HttpStatusCode.Unauthorized, "No token.", challenge = "Bearer")
        }
        return try {
            client.tokens.validate(token.trim(), forOurApi)
        } catch (error: ScalekitException.MissingScope) {
            val challenge = "Bearer error=\"insufficient_scope\", scope=\"$API_SCOPE\""
            throw Refusal(HttpStatusCode.Forbidden, error.message, challenge)
        } catch (error: ScalekitException) {
            if (!error.refusesToken) throw error
            throw Refusal(HttpStatusCode.Unauthorized, error.message, "Bearer error=\"invalid_token\"")
        }
    }

    private suspend fun refuse(call: ApplicationCall, refusal: Refusal) {
        if (refusal.challenge != null) {
            call.response.header(HttpHeaders.WWWAuthenticate, refusal.challenge)
            call.respondText(refusal.message, status = refusal.status)
        } else {
            page(call, refusal.status) {
                p { +refusal.message }
                a("/login") { +"Log in" }
            }
        }
    }

    /** Whatever stands in it is text: a person may be called `<script>`. */
    private suspend fun page(call: ApplicationCall, status: HttpStatusCode = OK, content: BODY.() -> Unit) {
        call.response.header(HttpHeaders.CacheControl, "no-store")
        call.respondHtml(status) { body(block = content) }
    }
}

private class Person(val name: String, @Volatile var session: LoginSession)

/** An answer that ends the call; with a challenge, the answer of the API. */
private class Refusal(val status: HttpStatusCode, override val message: String, val challenge: String? = null) :
    Exception(message)

private val ScalekitException.letsNobodyIn
    get() = this is ScalekitException.LoginFailed || this is ScalekitException.LoginRequired || refusesToken

private val ScalekitException.refusesToken
    get() = this is ScalekitException.InvalidToken || this is ScalekitException.TokenExpired
