package rs.scalekit.internal

import java.io.File
import java.io.IOException

/** What can keep Java from loading a native library, and what to do. */
private const val REMEDIES =
    "Java 24 and newer must allow it with `--enable-native-access=ALL-UNNAMED`, or `=rs.scalekit,com.sun.jna` if the " +
        "library is on the module path. If the folder for temporary files is read-only or mounted with `noexec`, name " +
        "another one with `-Djna.tmpdir=`."

private const val MUSL =
    "This system uses musl, for which neither JNA nor this package contains a library: use a system with glibc."

/** Loads native code. An error states what to do. */
internal inline fun <T> loading(load: () -> T): T = try {
    load()
} catch (error: LinkageError) {
    throw loadingError(error)
} catch (error: RuntimeException) {
    // An `IllegalCallerException`, which Android does not have.
    throw loadingError(error)
}

/** The message of the cause says what JNA tried. */
internal fun loadingError(cause: Throwable, mappedFiles: String = mappedFiles()): UnsatisfiedLinkError {
    val root = generateSequence(cause) { it.cause }.last()
    val remedies = if ("/ld-musl-" in mappedFiles) MUSL else REMEDIES
    val error = UnsatisfiedLinkError("the native library of scalekit cannot be loaded: ${root.message}. $remedies")
    error.initCause(cause)
    return error
}

/** The files of this process, among them the loader of the C library. Empty if the system does not list them. */
private fun mappedFiles(): String = try {
    File("/proc/self/maps").readText()
} catch (_: IOException) {
    ""
}
