package rs.scalekit.internal

/**
 * Chooses the backend: the foreign-function API on Java 22 and newer, else JNA. The property `scalekit.backend` forces one,
 * as `ffm` or `jna`.
 */
internal object Backends {
    private const val PROPERTY = "scalekit.backend"

    fun choose(wanted: String? = System.getProperty(PROPERTY)): Backend = when (wanted) {
        null -> foreign() ?: JnaBackend
        "jna" -> JnaBackend
        "ffm" -> foreign() ?: throw UnsatisfiedLinkError("`$PROPERTY` is `ffm`, which needs Java 22 or newer")
        else -> throw UnsatisfiedLinkError("`$PROPERTY` must be `ffm` or `jna`, not `$wanted`")
    }

    /** The class is only found on Java 22 and newer. */
    private fun foreign(): Backend? = try {
        Class.forName("rs.scalekit.internal.ForeignBackend").getDeclaredConstructor().newInstance() as Backend
    } catch (_: ClassNotFoundException) {
        null
    }
}

/** The name of the native library, or its path if a property sets one. */
internal fun libraryName(): String = System.getProperty("uniffi.component.scalekit.libraryOverride") ?: "scalekit_ffi"
