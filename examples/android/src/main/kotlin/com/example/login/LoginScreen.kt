package com.example.login

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Button
import androidx.compose.material3.CircularProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp

@Composable
fun LoginScreen(state: LoginState, onSignIn: () -> Unit, onSignOut: () -> Unit, onRetry: () -> Unit) {
    MaterialTheme(colorScheme = if (isSystemInDarkTheme()) darkColorScheme() else lightColorScheme()) {
        Surface(modifier = Modifier.fillMaxSize()) {
            Column(
                modifier = Modifier.fillMaxSize().padding(24.dp),
                verticalArrangement = Arrangement.spacedBy(16.dp, Alignment.CenterVertically),
                horizontalAlignment = Alignment.CenterHorizontally,
            ) {
                when (state) {
                    LoginState.Loading -> CircularProgressIndicator()
                    is LoginState.SignedOut -> Message(state.message ?: "You are signed out.", "Sign in", onSignIn)
                    is LoginState.SignedIn -> Message("Signed in as ${state.subject}", "Sign out", onSignOut)
                    is LoginState.Unavailable -> Message(state.message, "Retry", onRetry)
                }
            }
        }
    }
}

@Composable
private fun Message(text: String, label: String, onClick: () -> Unit) {
    Text(text, style = MaterialTheme.typography.bodyLarge, textAlign = TextAlign.Center)
    Button(onClick) { Text(label) }
}
