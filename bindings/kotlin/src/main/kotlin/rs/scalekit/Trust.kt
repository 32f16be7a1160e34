@file:JvmName("Trust")

package rs.scalekit

import java.security.KeyStore
import java.security.cert.X509Certificate
import java.util.Base64
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509TrustManager

/**
 * Returns the certificates of the authorities that the JVM trusts, in PEM, for [ClientOptions.rootCertificatesPem]: those of
 * the store that `javax.net.ssl.trustStore` names, or else those of the JDK.
 *
 * The client trusts them in addition to its [ClientOptions.trustedRoots].
 */
public fun jvmTrustStore(): String {
    val factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())
    factory.init(null as KeyStore?)
    val managers = factory.trustManagers.filterIsInstance<X509TrustManager>()
    return managers.flatMap { it.acceptedIssuers.asList() }.joinToString("") { pem(it) }
}

private fun pem(certificate: X509Certificate): String {
    val text = Base64.getMimeEncoder(LINE, "\n".toByteArray()).encodeToString(certificate.encoded)
    return "-----BEGIN CERTIFICATE-----\n$text\n-----END CERTIFICATE-----\n"
}

/** The length of a line in PEM. */
private const val LINE = 64
