package rs.scalekit.internal

import java.net.InetSocketAddress
import java.net.Proxy
import java.net.ProxySelector
import java.net.URI
import rs.scalekit.ClientOptions

/** The variable from which `fromEnv` reads the URL. */
private const val URL_VARIABLE = "SCALEKIT_ENVIRONMENT_URL"

/**
 * Returns the options with the proxy of the JVM for a URL, if they have none.
 *
 * The selector of the JVM reads the properties `https.proxyHost`, `https.proxyPort` and `http.nonProxyHosts`, and for a URL
 * without TLS those of `http`. A program can replace it, and Android's has the proxy of the network.
 */
internal fun ClientOptions.withProxyOfJvm(environmentUrl: String? = System.getenv(URL_VARIABLE)): ClientOptions {
    if (proxyUrl != null) return this
    val address = environmentUrl?.let(::proxyOfJvm) ?: return this
    // An address of IPv6 has brackets in a URL.
    val host = address.hostString.let { if (':' in it && !it.startsWith("[")) "[$it]" else it }
    return copy(proxyUrl = "http://$host:${address.port}")
}

private fun proxyOfJvm(environmentUrl: String): InetSocketAddress? {
    val proxies = try {
        ProxySelector.getDefault()?.select(URI(environmentUrl.trim())).orEmpty()
    } catch (_: java.net.URISyntaxException) {
        return null // The core says what is wrong.
    } catch (_: IllegalArgumentException) {
        return null // As above: a URL without a host.
    }
    return proxies.firstOrNull()?.takeIf { it.type() == Proxy.Type.HTTP }?.address() as? InetSocketAddress
}
