package rs.scalekit

import java.net.InetAddress
import java.net.ServerSocket
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import kotlin.concurrent.thread
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import rs.scalekit.internal.withProxyOfJvm

private const val SERVICE = "https://acme.example"

/** A proxy that refuses to connect, and notes what it is asked for. */
private class RefusingProxy : AutoCloseable {
    private val server = ServerSocket(0, 0, InetAddress.getLoopbackAddress())
    private val lines = LinkedBlockingQueue<String>()
    val port: Int = server.localPort

    init {
        thread(isDaemon = true) {
            while (!server.isClosed) {
                runCatching {
                    server.accept().use { socket ->
                        val reader = socket.getInputStream().bufferedReader()
                        lines.add(reader.readLine())
                        while (reader.readLine().isNotEmpty()) continue
                        socket.getOutputStream().write("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n".toByteArray())
                    }
                }
            }
        }
    }

    fun requested(): String? = lines.poll(10, TimeUnit.SECONDS)

    fun isUnused(): Boolean = lines.isEmpty()

    override fun close() = server.close()
}

/** Connects with the options that are left to the JVM. */
object ProxyProgram {
    @JvmStatic
    fun main(arguments: Array<String>) {
        val retry = RetryOptions(maxRetries = arguments.size)
        ScalekitClient.fromEnv(ClientOptions(timeoutSeconds = 5.0, retry = retry)).use { client ->
            assertThrows<ScalekitException.Connection> { client.jwks() }
        }
    }
}

/** The proxy that the properties of the JVM name. */
class ProxyTest {
    private val names = listOf("https.proxyHost", "https.proxyPort", "http.proxyHost", "http.proxyPort", "http.nonProxyHosts")
    private val options = ClientOptions(timeoutSeconds = 5.0, retry = RetryOptions(maxRetries = 0))

    @AfterEach
    fun clear() = names.forEach { System.clearProperty(it) }

    private fun set(proxy: RefusingProxy) {
        System.setProperty("https.proxyHost", "127.0.0.1")
        System.setProperty("https.proxyPort", "${proxy.port}")
    }

    @Test
    fun `clients connect through the proxy of the JVM`() = RefusingProxy().use { proxy ->
        set(proxy)
        fun assertProxied(client: AutoCloseable, call: suspend () -> Any) {
            client.use { assertThrows<ScalekitException.Connection> { runBlocking { call() } } }
            assertEquals("CONNECT acme.example:443 HTTP/1.1", proxy.requested(), "$client")
        }
        val refreshToken = SecretText("x")
        ScalekitClient(SERVICE, "skc_1", "secret", options).let { assertProxied(it) { it.jwks() } }
        AsyncScalekitClient(SERVICE, "skc_1", "secret", options).let { assertProxied(it) { it.jwks() } }
        PublicScalekitClient(SERVICE, "prc_1", options).let { assertProxied(it) { it.login.refresh(refreshToken) } }
        AsyncPublicScalekitClient(SERVICE, "prc_1", options).let { assertProxied(it) { it.login.refresh(refreshToken) } }
    }

    @Test
    fun `an option precedes the property`() = RefusingProxy().use { proxy ->
        RefusingProxy().use { other ->
            set(other)
            val given = options.copy(proxyUrl = "http://127.0.0.1:${proxy.port}")
            ScalekitClient(SERVICE, "skc_1", "secret", given).use { client ->
                assertThrows<ScalekitException.Connection> { client.jwks() }
            }
            assertEquals("CONNECT acme.example:443 HTTP/1.1", proxy.requested())
            assertEquals(true, other.isUnused())
        }
    }

    @Test
    fun `the property precedes the environment, also in fromEnv`() = RefusingProxy().use { proxy ->
        RefusingProxy().use { other ->
            val java = "${System.getProperty("java.home")}/bin/java"
            val properties = listOf("-Dhttps.proxyHost=127.0.0.1", "-Dhttps.proxyPort=${proxy.port}")
            val classes = listOf("-cp", System.getProperty("java.class.path"), "rs.scalekit.ProxyProgram")
            val program = ProcessBuilder(listOf(java) + properties + classes).redirectErrorStream(true)
            val proxies = listOf("HTTPS_PROXY", "SCALEKIT_PROXY_URL").associateWith { "http://127.0.0.1:${other.port}" }
            program.environment() += Emulator.environment + mapOf("SCALEKIT_ENVIRONMENT_URL" to SERVICE) + proxies
            val process = program.start()
            val printed = process.inputStream.bufferedReader().readText()
            assertEquals(0, process.waitFor(), printed)
            assertEquals("CONNECT acme.example:443 HTTP/1.1", proxy.requested())
            assertEquals(true, other.isUnused())
        }
    }

    @Test
    fun `hosts of the property are excluded as in Java`() {
        System.setProperty("https.proxyHost", "proxy.example")
        System.setProperty("http.proxyHost", "plain.example")
        assertEquals("http://proxy.example:443", ClientOptions().withProxyOfJvm(SERVICE).proxyUrl)
        // Loopback addresses are excluded unless the property is empty.
        assertNull(ClientOptions().withProxyOfJvm("http://127.0.0.1:8080").proxyUrl)
        System.setProperty("http.nonProxyHosts", "")
        assertEquals("http://plain.example:80", ClientOptions().withProxyOfJvm("http://127.0.0.1:8080").proxyUrl)
        for (pattern in listOf("acme.example", "*.example", "other|acme.*")) {
            System.setProperty("http.nonProxyHosts", pattern)
            assertNull(ClientOptions().withProxyOfJvm(SERVICE).proxyUrl, pattern)
        }
        for (pattern in listOf("example", "acme", "other.example")) {
            System.setProperty("http.nonProxyHosts", pattern)
            assertEquals("http://proxy.example:443", ClientOptions().withProxyOfJvm(SERVICE).proxyUrl, pattern)
        }
    }

    @Test
    fun `an address of IPv6 has brackets, and an invalid URL is left to the core`() {
        System.setProperty("https.proxyHost", "::1")
        System.setProperty("https.proxyPort", "3128")
        assertEquals("http://[::1]:3128", ClientOptions().withProxyOfJvm(SERVICE).proxyUrl)
        for (url in listOf("", "acme.example", "https://", "https://a b", "https:a")) {
            assertNull(ClientOptions().withProxyOfJvm(url).proxyUrl, url)
        }
    }
}
