package rs.scalekit.internal

import com.sun.jna.Callback
import com.sun.jna.CallbackReference
import com.sun.jna.CallbackThreadInitializer
import com.sun.jna.Native
import com.sun.jna.NativeLibrary
import com.sun.jna.Pointer
import java.nio.ByteBuffer

/** Calls with JNA, on Java 11 and newer and on Android. Arguments are numbers alone, which JNA passes without objects. */
internal object JnaBackend : Backend {
    private val library: NativeLibrary = NativeLibrary.getInstance(libraryName(), JnaBackend::class.java.classLoader)

    /** JNA keeps no reference to a callback. */
    private val complete = JnaCallback { id, code -> Continuations.complete(id, code) }

    init {
        Native.register(JnaCalls::class.java, library)
    }

    override fun find(symbol: String): Long = Pointer.nativeValue(library.getFunction(symbol))

    override fun address(memory: ByteBuffer): Long = Pointer.nativeValue(Native.getDirectBufferPointer(memory))

    override fun call(shape: Long, function: Long, frame: Long) = JnaCalls.scalekit_ffi_call(shape, function, frame)

    override fun copy(address: Long, into: ByteArray) = Pointer(address).read(0, into, 0, into.size)

    override fun free(frame: Long) = JnaCalls.scalekit_ffi_free(frame)

    override fun continuation(): Long {
        // A thread of the core stays attached: to attach it for each callback would create a Java thread each time. It
        // is a daemon, because it ends with the process.
        Native.setCallbackThreadInitializer(complete, CallbackThreadInitializer(true, false, "scalekit"))
        return Pointer.nativeValue(CallbackReference.getFunctionPointer(complete))
    }
}

/** The exported functions with the signature that JNA passes on. */
internal object JnaCalls {
    @JvmStatic
    external fun scalekit_ffi_call(shape: Long, function: Long, frame: Long)

    @JvmStatic
    external fun scalekit_ffi_free(frame: Long)
}

/** UniFFI's continuation. */
internal fun interface JnaCallback : Callback {
    fun callback(data: Long, code: Byte)
}
