package com.example.login

import java.io.File
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import kotlinx.serialization.json.Json
import rs.scalekit.AsyncPublicScalekitClient
import rs.scalekit.Emulator

/** Resets the emulator, and registers the URIs of the app for its client without a secret. */
fun resetEmulator() {
    Emulator.reset()
    val client = """{"client_id": "${Emulator.publicClientId}", "redirect_uris": ["${Config.REDIRECT_URI}"],
        "post_logout_redirect_uris": ["${Config.POST_LOGOUT_REDIRECT_URI}"], "allow_loopback": false}"""
    Emulator.control("idp/clients", Json.parseToJsonElement(client))
}

/** The app's login in a new process, with the files of the earlier one. */
fun startProcess(folder: File) =
    Login(AsyncPublicScalekitClient(Emulator.url, Emulator.publicClientId), SecretStore(folder))

/** Follows redirects, as a browser tab does, and returns the URL that the tab opens in the app. */
fun browse(url: String): String {
    val response = http.send(HttpRequest.newBuilder(URI(url)).build(), HttpResponse.BodyHandlers.ofString())
    val location = response.headers().firstValue("location")
    check(location.isPresent) { "no redirect: ${response.statusCode()} ${response.body()}" }
    return location.get().takeIf { it.startsWith("com.example.login:") } ?: browse(location.get())
}

private val http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()
