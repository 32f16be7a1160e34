package rs.scalekit.internal

import java.io.File
import java.io.IOException
import java.net.URL
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.Paths
import java.nio.file.StandardCopyOption

/** Finds the file of the native library as JNA does, with the same properties. */
internal object NativeFile {
    /** Returns the path of the library: the one that a property names, or else a copy of the one in the jar. */
    fun path(): Path {
        val name = libraryName()
        if (File(name).isAbsolute) return Paths.get(name)
        val file = System.mapLibraryName(name)
        val folders = listOf("jna.library.path", "java.library.path")
            .flatMap { System.getProperty(it).orEmpty().split(File.pathSeparator) }
        return folders.filter(String::isNotEmpty).map { Paths.get(it, file) }.firstOrNull { Files.exists(it) } ?: extracted(file)
    }

    private fun extracted(file: String): Path {
        val resource = "/${platform()}/$file"
        val found = NativeFile::class.java.getResource(resource)
            ?: throw UnsatisfiedLinkError("$resource is not in the jar")
        if (found.protocol == "file") return Paths.get(found.toURI())
        return try {
            copied(found, file)
        } catch (error: IOException) {
            throw UnsatisfiedLinkError("the library cannot be unpacked: $error").apply { initCause(error) }
        }
    }

    private fun copied(library: URL, file: String): Path {
        val folder = Paths.get(System.getProperty("jna.tmpdir") ?: System.getProperty("java.io.tmpdir"))
        // Only the user of the process may write it.
        val copy = Files.createTempFile(folder, "scalekit", "-$file")
        copy.toFile().deleteOnExit()
        library.openStream().use { Files.copy(it, copy, StandardCopyOption.REPLACE_EXISTING) }
        return copy
    }

    /** JNA's name of this platform, after which the folder in the jar is named. */
    fun platform(
        system: String = System.getProperty("os.name"),
        architecture: String = System.getProperty("os.arch"),
    ): String {
        val os = when {
            system.startsWith("Mac") -> "darwin"
            system.startsWith("Windows") -> "win32"
            else -> system.lowercase()
        }
        val cpu = if (architecture == "amd64" || architecture == "x86_64") "x86-64" else architecture
        return "$os-$cpu"
    }
}
