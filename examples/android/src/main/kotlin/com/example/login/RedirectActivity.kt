package com.example.login

import android.app.Activity
import android.content.Intent
import android.os.Bundle

/**
 * Receives the redirects of the browser and passes them to [MainActivity], which closes the browser tab.
 *
 * With its own activity for redirects, [MainActivity] needs no launch mode that closes the tab when the user returns to
 * the app by its icon, for example after reading a one-time password.
 */
class RedirectActivity : Activity() {
    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        val main = Intent(this, MainActivity::class.java).setData(intent.data)
        main.addFlags(Intent.FLAG_ACTIVITY_CLEAR_TOP or Intent.FLAG_ACTIVITY_SINGLE_TOP)
        // Some browsers start this activity in their own task.
        main.addFlags(Intent.FLAG_ACTIVITY_NEW_TASK)
        startActivity(main)
        finish()
    }
}
