package rs.scalekit

import com.sun.jna.Callback
import com.sun.jna.Library
import com.sun.jna.Platform
import com.sun.jna.Structure
import java.io.File
import java.lang.reflect.Modifier
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The metadata for GraalVM's native images. */
class NativeImageTest {
    private val classes = File(ScalekitClient::class.java.protectionDomain.codeSource.location.toURI())

    @Test
    fun `metadata names all classes that JNA finds by reflection, and no other`() {
        val expected = classes.resolve("rs").walk().filter { it.extension == "class" }
            .map { it.relativeTo(classes).path.removeSuffix(".class").replace(File.separatorChar, '.') }
            .filter { name -> isOfJna(Class.forName(name, false, javaClass.classLoader)) }
            .toSortedSet()
        assertTrue(expected.isNotEmpty())
        for (file in listOf("reflect-config.json", "jni-config.json")) {
            assertEquals(expected, metadata(file).jsonArray.map { it.jsonObject.text("name") }.toSortedSet(), file)
        }
    }

    @Test
    fun `metadata includes the native library of this platform`() {
        val path = "${Platform.RESOURCE_PREFIX}/${System.mapLibraryName("scalekit_ffi")}"
        assertTrue(classes.resolve(path).exists(), path)
        val includes = metadata("resource-config.json").jsonObject.getValue("resources").jsonObject.getValue("includes")
        assertTrue(includes.jsonArray.any { Regex(it.jsonObject.text("pattern")).matches(path) }, "$includes")
    }

    private fun isOfJna(type: Class<*>): Boolean =
        listOf(Callback::class.java, Library::class.java, Structure::class.java).any { it.isAssignableFrom(type) } ||
            type.declaredMethods.any { Modifier.isNative(it.modifiers) }

    private fun metadata(file: String): JsonElement =
        Json.parseToJsonElement(classes.resolve("META-INF/native-image/rs.scalekit/scalekit/$file").readText())
}
