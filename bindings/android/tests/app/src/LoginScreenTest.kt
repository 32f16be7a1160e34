package com.example.login

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.runComposeUiTest
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** Draws the screen with Compose for the JVM, without a window. */
@OptIn(ExperimentalTestApi::class)
class LoginScreenTest {
    /** Shows a state, clicks on a label, and checks which action that starts. */
    private fun check(state: LoginState, text: String, label: String, action: String) = runComposeUiTest {
        val clicks = mutableListOf<String>()
        setContent {
            LoginScreen(state, { clicks += "sign in" }, { clicks += "sign out" }, { clicks += "retry" })
        }
        onNodeWithText(text).assertExists()
        onNodeWithText(label).performClick()
        assertEquals(listOf(action), clicks)
    }

    @Test
    fun `signed-out screen offers to sign in`() =
        check(LoginState.SignedOut(), "You are signed out.", "Sign in", "sign in")

    @Test
    fun `failed login shows its reason`() =
        check(LoginState.SignedOut("access_denied"), "access_denied", "Sign in", "sign in")

    @Test
    fun `signed-in screen offers to sign out`() =
        check(LoginState.SignedIn("usr_1"), "Signed in as usr_1", "Sign out", "sign out")

    @Test
    fun `failed refresh offers a retry`() =
        check(LoginState.Unavailable("no connection"), "no connection", "Retry", "retry")

    @Test
    fun `nothing can be clicked while the session is restored`() = runComposeUiTest {
        mainClock.autoAdvance = false // the progress indicator never stops
        setContent { LoginScreen(LoginState.Loading, {}, {}, {}) }
        onNodeWithText("Sign in").assertDoesNotExist()
        onNodeWithText("Sign out").assertDoesNotExist()
    }
}
