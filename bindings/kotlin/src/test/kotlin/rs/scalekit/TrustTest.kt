package rs.scalekit

import java.nio.file.Files
import java.nio.file.Path
import java.security.KeyStore
import java.security.cert.CertificateFactory
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir

/** The authorities that the JVM trusts. */
class TrustTest {
    @Test
    fun `a client trusts the authorities of the JVM if it is told to`(@TempDir folder: Path) = secureEmulator { ready ->
        val authority = ready.text("certificate")
        fun client(options: ClientOptions) =
            ScalekitClient(ready.text("environment_url"), ready.text("client_id"), ready.text("client_secret"), options)
        withTrustStore(store(folder, authority)) {
            assertEquals(authority.trim(), jvmTrustStore().trim())
            client(ClientOptions(rootCertificatesPem = jvmTrustStore())).use { it.organizations.list() }
            client(ClientOptions(retry = RetryOptions(maxRetries = 0))).use {
                assertThrows<ScalekitException.Connection> { it.organizations.list() }
            }
        }
    }

    @Test
    fun `the authorities of the JDK are the default`() {
        val options = ClientOptions(rootCertificatesPem = jvmTrustStore())
        assertTrue(options.rootCertificatesPem!!.split("BEGIN CERTIFICATE").size > 10)
        Emulator.blocking(options).close()
    }

    /** An emulator with a certificate of its own authority. */
    private fun secureEmulator(test: (JsonObject) -> Unit) {
        val program = System.getProperty("scalekit.tests.emulator")
        val process = ProcessBuilder(program, "--json", "--port", "0", "--tls", "--exit-with-stdin").start()
        try {
            test(Json.parseToJsonElement(process.inputStream.bufferedReader().readLine()).jsonObject)
        } finally {
            process.destroy()
        }
    }

    private fun store(folder: Path, authority: String): Path {
        val certificate = CertificateFactory.getInstance("X.509").generateCertificate(authority.byteInputStream())
        val store = KeyStore.getInstance("PKCS12").apply { load(null, null) }
        store.setCertificateEntry("emulator", certificate)
        val file = folder.resolve("trust.p12")
        Files.newOutputStream(file).use { store.store(it, PASSWORD.toCharArray()) }
        return file
    }

    private fun withTrustStore(file: Path, test: () -> Unit) {
        val properties = mapOf(
            "javax.net.ssl.trustStore" to "$file",
            "javax.net.ssl.trustStorePassword" to PASSWORD,
            "javax.net.ssl.trustStoreType" to "PKCS12",
        )
        properties.forEach(System::setProperty)
        try {
            test()
        } finally {
            properties.keys.forEach(System::clearProperty)
        }
    }

    private companion object {
        const val PASSWORD = "changeit"
    }
}
