package com.example.login

/** The client in your Scalekit environment, which must be one without a secret. None of these values is secret. */
object Config {
    const val ENVIRONMENT_URL = "https://your-environment.scalekit.com"
    const val CLIENT_ID = "skc_your_client"

    /** Must be registered for the client. `AndroidManifest.xml` has the same scheme. */
    const val REDIRECT_URI = "com.example.login://callback"

    /** Must be registered for the client as a post-logout redirect URI. */
    const val POST_LOGOUT_REDIRECT_URI = "com.example.login://signed-out"
}
