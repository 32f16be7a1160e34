package rs.scalekit

import java.net.URI
import java.net.URLDecoder
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.JsonElement

/** Both styles of client behind one face, so that a test of logins and tokens is written once and plays in both. */
enum class Style(val open: (url: String, id: String, secret: String) -> Face) {
    BLOCKING({ url, id, secret -> BlockingFace(ScalekitClient(url, id, secret)) }),
    ASYNC({ url, id, secret -> AsyncFace(AsyncScalekitClient(url, id, secret)) });

    /** Plays on the emulator, as it is in the beginning. */
    fun play(test: suspend Face.() -> Unit) {
        Emulator.reset()
        open(Emulator.url, Emulator.clientId, Emulator.clientSecret).use { runBlocking { it.test() } }
    }
}

interface Face : AutoCloseable {
    fun start(options: LoginOptions): StartedLogin
    fun logoutUrl(options: LogoutOptions): String
    suspend fun finish(callback: String, transaction: LoginTransaction): LoginOutcome
    suspend fun startIdpInitiated(callback: String, options: LoginOptions): IdpInitiatedLogin
    suspend fun refresh(refreshToken: SecretText): LoginSession
    suspend fun refreshIfNeeded(session: LoginSession): LoginSession
    suspend fun validate(token: String, expectations: TokenExpectations): AccessTokenClaims
    suspend fun validateMachine(token: String, expectations: TokenExpectations): MachineTokenClaims
    suspend fun validateIdToken(token: String, expectations: IdTokenExpectations): IdTokenClaims
    suspend fun validateIdpInitiated(token: String): IdpInitiatedClaims
    fun preloadKeys(keys: JsonElement)
    suspend fun machineToken(client: MachineClient): MachineToken
    fun forgetMachine(client: MachineClient)
    suspend fun createMachine(organizationId: String, machine: CreateM2mClient): NewM2mClient
}

private class BlockingFace(private val client: ScalekitClient) : Face, AutoCloseable by client {
    override fun start(options: LoginOptions) = client.login.start(options)
    override fun logoutUrl(options: LogoutOptions) = client.login.logoutUrl(options)
    override suspend fun finish(callback: String, transaction: LoginTransaction) = client.login.finish(callback, transaction)
    override suspend fun startIdpInitiated(callback: String, options: LoginOptions) =
        client.login.startIdpInitiated(callback, options)
    override suspend fun refresh(refreshToken: SecretText) = client.login.refresh(refreshToken)
    override suspend fun refreshIfNeeded(session: LoginSession) = client.login.refreshIfNeeded(session)
    override suspend fun validate(token: String, expectations: TokenExpectations) =
        client.tokens.validate(token, expectations)
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

private class AsyncFace(private val client: AsyncScalekitClient) : Face, AutoCloseable by client {
    override fun start(options: LoginOptions) = client.login.start(options)
    override fun logoutUrl(options: LogoutOptions) = client.login.logoutUrl(options)
    override suspend fun finish(callback: String, transaction: LoginTransaction) = client.login.finish(callback, transaction)
    override suspend fun startIdpInitiated(callback: String, options: LoginOptions) =
        client.login.startIdpInitiated(callback, options)
    override suspend fun refresh(refreshToken: SecretText) = client.login.refresh(refreshToken)
    override suspend fun refreshIfNeeded(session: LoginSession) = client.login.refreshIfNeeded(session)
    override suspend fun validate(token: String, expectations: TokenExpectations) =
        client.tokens.validate(token, expectations)
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

/** Where a login or a logout sends the browser, which goes there once. */
fun follow(url: String): String {
    val answer = browser.send(HttpRequest.newBuilder(URI(url)).build(), HttpResponse.BodyHandlers.ofString())
    return answer.headers().firstValue("location").orElseThrow { AssertionError("$url leads nowhere: ${answer.body()}") }
}

fun query(url: String): Map<String, String> =
    URI(url).rawQuery.split('&').associate { pair ->
        val (name, value) = pair.split('=', limit = 2).map { URLDecoder.decode(it, Charsets.UTF_8) }
        name to value
    }
