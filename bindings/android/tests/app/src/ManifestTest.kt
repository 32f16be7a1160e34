package com.example.login

import java.io.File
import java.net.URI
import javax.xml.parsers.DocumentBuilderFactory
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.w3c.dom.Element

private const val ANDROID = "http://schemas.android.com/apk/res/android"

class ManifestTest {
    private val manifest = DocumentBuilderFactory.newInstance().apply { isNamespaceAware = true }.newDocumentBuilder()
        .parse(File("../../../../examples/android/src/main/AndroidManifest.xml")).documentElement

    private fun Element.elements(name: String): List<Element> =
        getElementsByTagName(name).let { list -> List(list.length) { list.item(it) as Element } }

    private fun Element.android(name: String): String = getAttributeNS(ANDROID, name)

    private fun activity(type: Class<*>) =
        manifest.elements("activity").single { it.android("name") == ".${type.simpleName}" }

    @Test
    fun `browsers can start the activity for both redirect URIs`() {
        val activity = activity(RedirectActivity::class.java)
        assertEquals("true", activity.android("exported"))
        val filter = activity.elements("intent-filter").single()
        assertEquals(listOf("android.intent.action.VIEW"), filter.elements("action").map { it.android("name") })
        val categories = filter.elements("category").map { it.android("name").removePrefix("android.intent.category.") }
        assertEquals(setOf("DEFAULT", "BROWSABLE"), categories.toSet())
        val schemes = filter.elements("data").map { it.android("scheme") }
        for (uri in listOf(Config.REDIRECT_URI, Config.POST_LOGOUT_REDIRECT_URI)) {
            assertEquals(listOf(URI(uri).scheme), schemes, uri)
        }
    }

    @Test
    fun `main activity is on top once, and nothing is backed up`() {
        assertEquals("singleTop", activity(MainActivity::class.java).android("launchMode"))
        val application = manifest.elements("application").single()
        assertEquals(".${App::class.java.simpleName}", application.android("name"))
        assertEquals("false", application.android("allowBackup"))
    }
}
