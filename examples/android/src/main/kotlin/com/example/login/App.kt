package com.example.login

import android.app.Application
import rs.scalekit.AsyncPublicScalekitClient

/** Creates the client once, for the lifetime of the process. */
class App : Application() {
    val login by lazy {
        // Files in this folder are in no backup. They would be unreadable on another device.
        Login(AsyncPublicScalekitClient(Config.ENVIRONMENT_URL, Config.CLIENT_ID), SecretStore(noBackupFilesDir))
    }
}
