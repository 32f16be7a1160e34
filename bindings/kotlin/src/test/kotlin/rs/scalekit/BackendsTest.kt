package rs.scalekit

import com.sun.jna.Platform
import java.nio.file.Files
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import rs.scalekit.internal.Backends
import rs.scalekit.internal.Library
import rs.scalekit.internal.NativeFile

/** How the package chooses the way to call the native library. `cargo xtask test kotlin` runs all tests with each. */
class BackendsTest {
    @Test
    fun `the property chooses the backend, and by default the version of Java`() {
        val names = mapOf("ffm" to "ForeignBackend", "jna" to "JnaBackend")
        val byVersion = if (isForeignCompiled()) "ForeignBackend" else "JnaBackend"
        val expected = names[System.getProperty("scalekit.backend")] ?: byVersion
        assertEquals(expected, Library.backend.javaClass.simpleName)
    }

    @Test
    fun `an unknown backend is an error that names the known ones`() {
        val error = assertThrows<UnsatisfiedLinkError> { Backends.choose("jni") }
        assertEquals("`scalekit.backend` must be `ffm` or `jna`, not `jni`", error.message)
    }

    @Test
    fun `the folder of the library is the one in which JNA looks`() {
        assertEquals(Platform.RESOURCE_PREFIX, NativeFile.platform())
        assertEquals("linux-x86-64", NativeFile.platform("Linux", "amd64"))
        assertEquals("darwin-aarch64", NativeFile.platform("Mac OS X", "aarch64"))
        assertEquals("darwin-x86-64", NativeFile.platform("Mac OS X", "x86_64"))
        assertEquals("win32-x86-64", NativeFile.platform("Windows Server 2022", "amd64"))
    }

    @Test
    fun `the native library is found`() = assertTrue(Files.exists(NativeFile.path()))

    private fun isForeignCompiled() = try {
        Class.forName("rs.scalekit.internal.ForeignBackend", false, javaClass.classLoader)
        true
    } catch (_: ClassNotFoundException) {
        false
    } catch (_: UnsupportedClassVersionError) {
        false
    }
}
