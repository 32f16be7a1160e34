package com.example.login

import android.content.Intent
import android.net.Uri
import androidx.activity.ComponentActivity
import androidx.lifecycle.lifecycleScope
import java.io.File
import kotlinx.coroutines.launch
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import rs.scalekit.AsyncPublicScalekitClient
import rs.scalekit.LoginOptions
import rs.scalekit.StartedLogin

// The code of the Android guide, word for word. `LoginTest` runs the same calls.

class SignInActivity : ComponentActivity() {
    private val client = AsyncPublicScalekitClient("https://acme.scalekit.com", "skc_1234")
    private lateinit var started: StartedLogin

    fun signIn() {
        started = client.login.start(LoginOptions("com.example.app://callback", scopes = listOf("openid", "email")))
        startActivity(Intent(Intent.ACTION_VIEW, Uri.parse(started.authorizationUrl)))
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        lifecycleScope.launch {
            val outcome = client.login.finish(intent.dataString!!, started.transaction)
            title = "Signed in as ${outcome.claims.email}"
        }
    }
}

class GuideTest {
    @Test
    fun `every Kotlin block of the guide is compiled`() {
        val lines = File("src/GuideTest.kt").readLines().map { it.trim() }
        val blocks = Regex("```kotlin\n(.*?)```", RegexOption.DOT_MATCHES_ALL)
            .findAll(File("../../README.md").readText()).map { it.groupValues[1] }.toList()
        assertTrue(blocks.isNotEmpty())
        for (block in blocks) {
            val wanted = block.trim().lines().map { it.trim() }
            assertTrue(lines.windowed(wanted.size).any { it == wanted }, "not in GuideTest.kt:\n$block")
        }
    }
}
