package com.example.login

import android.content.ActivityNotFoundException
import android.content.Intent
import android.net.Uri
import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.activity.viewModels
import androidx.browser.customtabs.CustomTabsIntent
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory

class MainActivity : ComponentActivity() {
    private val viewModel: LoginViewModel by viewModels {
        viewModelFactory { initializer { LoginViewModel((application as App).login) } }
    }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        // An activity that is created again, such as after a rotation, has its old intent.
        if (savedInstanceState == null) handle(intent)
        setContent {
            val state by viewModel.state.collectAsStateWithLifecycle()
            LaunchedEffect(viewModel) { viewModel.urlsToOpen.collect(::openTab) }
            LoginScreen(state, viewModel::signIn, viewModel::signOut, viewModel::restore)
        }
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        handle(intent)
    }

    /** Finishes a login if the intent is from [RedirectActivity]. */
    private fun handle(intent: Intent) {
        val url = intent.dataString ?: return
        if (url.startsWith(Config.REDIRECT_URI)) viewModel.finish(url)
    }

    private fun openTab(url: String) {
        try {
            CustomTabsIntent.Builder().build().launchUrl(this, Uri.parse(url))
        } catch (_: ActivityNotFoundException) {
            viewModel.reportNoBrowser()
        }
    }
}
