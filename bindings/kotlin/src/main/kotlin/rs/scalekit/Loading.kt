package rs.scalekit

/** What can keep Java from loading a native library, and what to do. */
private const val REMEDIES =
    "Java 24 and newer must allow it with `--enable-native-access=ALL-UNNAMED`, or `=com.sun.jna` if the library is on " +
        "the module path. If the folder for temporary files is read-only or mounted with `noexec`, name another one " +
        "with `-Djna.tmpdir=`."

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
internal fun loadingError(cause: Throwable): UnsatisfiedLinkError {
    val root = generateSequence(cause) { it.cause }.last()
    val error = UnsatisfiedLinkError("the native library of scalekit cannot be loaded: ${root.message}. $REMEDIES")
    error.initCause(cause)
    return error
}
