package rs.scalekit

import java.time.Instant
import java.net.URI
import java.net.URLDecoder
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonElement

/** The styles of client, behind one interface so that a test of logins and tokens is written once and runs in both. */
enum class Style(val open: (url: String, id: String, secret: String) -> ClientAdapter) {
    BLOCKING({ url, id, secret -> BlockingClientAdapter(ScalekitClient(url, id, secret)) }),
    ASYNC({ url, id, secret -> AsyncClientAdapter(AsyncScalekitClient(url, id, secret)) });

    /** Runs a test on the emulator, after a reset. */
    fun runTest(test: suspend ClientAdapter.() -> Unit) {
        Emulator.reset()
        open(Emulator.url, Emulator.clientId, Emulator.clientSecret).use { runBlocking { it.test() } }
    }
}

interface ClientAdapter : AutoCloseable {
    fun start(options: LoginOptions): StartedLogin
    fun logoutUrl(options: LogoutOptions): String
    suspend fun finish(callback: String, transaction: LoginTransaction): LoginOutcome
    suspend fun startIdpInitiated(callback: String, options: LoginOptions): IdpInitiatedLogin
    suspend fun refresh(refreshToken: SecretText): LoginSession
    suspend fun refreshIfNeeded(session: LoginSession): LoginSession
    suspend fun validate(token: String, expectations: TokenExpectations, at: Instant? = null): AccessTokenClaims
    suspend fun validateMachine(token: String, expectations: TokenExpectations): MachineTokenClaims
    suspend fun validateIdToken(token: String, expectations: IdTokenExpectations): IdTokenClaims
    suspend fun validateIdpInitiated(token: String): IdpInitiatedClaims
    fun preloadKeys(keys: JsonElement)
    suspend fun machineToken(client: MachineClient): MachineToken
    fun forgetMachine(client: MachineClient)
    suspend fun createMachine(organizationId: String, machine: CreateM2mClient): NewM2mClient
}

private class BlockingClientAdapter(private val client: ScalekitClient) : ClientAdapter, AutoCloseable by client {
    override fun start(options: LoginOptions) = client.login.start(options)
    override fun logoutUrl(options: LogoutOptions) = client.login.logoutUrl(options)
    override suspend fun finish(callback: String, transaction: LoginTransaction) = client.login.finish(callback, transaction)
    override suspend fun startIdpInitiated(callback: String, options: LoginOptions) =
        client.login.startIdpInitiated(callback, options)
    override suspend fun refresh(refreshToken: SecretText) = client.login.refresh(refreshToken)
    override suspend fun refreshIfNeeded(session: LoginSession) = client.login.refreshIfNeeded(session)
    override suspend fun validate(token: String, expectations: TokenExpectations, at: Instant?) =
        client.tokens.validate(token, expectations, at)
    override suspend fun validateMachine(token: String, expectations: TokenExpectations) =
        client.tokens.validateMachine(token, expectations)
    override suspend fun validateIdToken(token: String, expectations: IdTokenExpectations) =
        client.tokens.validateIdToken(token, expectations)
    override suspend fun validateIdpInitiated(token: String) = client.tokens.validateIdpInitiated(token)
    override fun preloadKeys(keys: JsonElement) = client.tokens.preloadKeys(keys, only = true)
    override suspend fun machineToken(client: MachineClient) = this.client.machineTokens.get(client)
    override fun forgetMachine(client: MachineClient) = this.client.machineTokens.forget(client)
    override suspend fun createMachine(organizationId: String, machine: CreateM2mClient) =
        client.clients.create(organizationId, machine)
}

private class AsyncClientAdapter(private val client: AsyncScalekitClient) : ClientAdapter, AutoCloseable by client {
    override fun start(options: LoginOptions) = client.login.start(options)
    override fun logoutUrl(options: LogoutOptions) = client.login.logoutUrl(options)
    override suspend fun finish(callback: String, transaction: LoginTransaction) = client.login.finish(callback, transaction)
    override suspend fun startIdpInitiated(callback: String, options: LoginOptions) =
        client.login.startIdpInitiated(callback, options)
    override suspend fun refresh(refreshToken: SecretText) = client.login.refresh(refreshToken)
    override suspend fun refreshIfNeeded(session: LoginSession) = client.login.refreshIfNeeded(session)
    override suspend fun validate(token: String, expectations: TokenExpectations, at: Instant?) =
        client.tokens.validate(token, expectations, at)
    override suspend fun validateMachine(token: String, expectations: TokenExpectations) =
        client.tokens.validateMachine(token, expectations)
    override suspend fun validateIdToken(token: String, expectations: IdTokenExpectations) =
        client.tokens.validateIdToken(token, expectations)
    override suspend fun validateIdpInitiated(token: String) = client.tokens.validateIdpInitiated(token)
    override fun preloadKeys(keys: JsonElement) = client.tokens.preloadKeys(keys, only = true)
    override suspend fun machineToken(client: MachineClient) = this.client.machineTokens.get(client)
    override fun forgetMachine(client: MachineClient) = this.client.machineTokens.forget(client)
    override suspend fun createMachine(organizationId: String, machine: CreateM2mClient) =
        client.clients.create(organizationId, machine)
}

private val browser = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()

/** Sends one request, as a browser does during a login or logout, and returns the URL of the redirect. */
fun follow(url: String): String {
    val response = browser.send(HttpRequest.newBuilder(URI(url)).build(), HttpResponse.BodyHandlers.ofString())
    val location = response.headers().firstValue("location")
    return location.orElseThrow { AssertionError("$url does not redirect: ${response.body()}") }
}

fun query(url: String): Map<String, String> =
    URI(url).rawQuery.split('&').associate { pair ->
        val (name, value) = pair.split('=', limit = 2).map { URLDecoder.decode(it, Charsets.UTF_8) }
        name to value
    }
