package rs.scalekit.internal

/** UniFFI's version of the interface between the library and what calls it. */
private const val CONTRACT_SHAPE = 3L // ">i"

/** The native library, which the first call loads. */
internal object Library {
    val backend: Backend = loading { Backends.choose() }

    init {
        val version = Frames.use { frame ->
            backend.call(CONTRACT_SHAPE, backend.find("ffi_scalekit_uniffi_contract_version"), frame.address)
            frame.value.toInt()
        }
        if (version != CONTRACT) throw UnsatisfiedLinkError("the native library of scalekit has another contract version")
        // The `user-agent` names the language.
        identifyCaller("kotlin", KotlinVersion.CURRENT.toString())
    }
}
