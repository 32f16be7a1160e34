package rs.scalekit

import java.io.File
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import rs.scalekit.internal.loadingError

/** Loads the native library, and nothing else. */
object LoadingProgram {
    @JvmStatic
    fun main(arguments: Array<String>) = println("${arguments.size} ${operations().size}")
}

/** The errors when the native library cannot be loaded: they say what failed and what helps. */
class LoadingTest {
    @Test
    fun `a missing folder for temporary files is named with the property that sets it`() {
        val (code, printed) = load("-Djna.tmpdir=/proc/none")
        assertNotEquals(0, code, printed)
        val error = printed.lines().single { "the native library of scalekit cannot be loaded" in it && "in thread" in it }
        assertTrue("'/proc/none' does not exist" in error, error)
        assertTrue("name another one with `-Djna.tmpdir=`" in error, error)
        assertTrue("`--enable-native-access=ALL-UNNAMED`" in error, error)
    }

    @Test
    fun `a folder for temporary files can be set`() {
        val folder = createTempFolder()
        val (code, printed) = load("-Djna.tmpdir=$folder", "-Djava.io.tmpdir=/proc/none")
        assertEquals(0, code, printed)
        folder.deleteRecursively()
    }

    @Test
    fun `the error on musl says that there is no library for it`() {
        val cause = UnsatisfiedLinkError("not found")
        val musl = checkNotNull(loadingError(cause, "7f00-7f01 r-xp 00000000 /lib/ld-musl-x86_64.so.1").message)
        assertTrue("not found. This system uses musl" in musl, musl)
        val other = checkNotNull(loadingError(cause, "7f00-7f01 r-xp 00000000 /lib/ld-linux-x86-64.so.2").message)
        assertFalse("musl" in other, other)
    }

    private fun createTempFolder(): File = kotlin.io.path.createTempDirectory("scalekit").toFile()

    @Test
    fun `the error names a property without a backend`() {
        val (code, printed) = load("-Dscalekit.backend=jni")
        assertNotEquals(0, code, printed)
        assertTrue("`scalekit.backend` must be `ffm` or `jna`, not `jni`" in printed, printed)
    }

    /** JNA is what unpacks a library from a folder. */
    private fun load(vararg options: String): Pair<Int, String> {
        val java = "${System.getProperty("java.home")}/bin/java"
        val classes = listOf("-cp", System.getProperty("java.class.path"), "rs.scalekit.LoadingProgram")
        val process = ProcessBuilder(listOf(java, "-Dscalekit.backend=jna") + options + classes)
            .redirectErrorStream(true).start()
        val printed = process.inputStream.bufferedReader().readText()
        return process.waitFor() to printed
    }
}
