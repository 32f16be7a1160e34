package rs.scalekit

import com.sun.jna.Callback
import com.sun.jna.Library
import com.sun.jna.Platform
import com.sun.jna.Structure
import java.io.File
import java.lang.reflect.Method
import java.lang.reflect.Modifier
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.condition.EnabledForJreRange
import org.junit.jupiter.api.condition.JRE
import org.objectweb.asm.ClassReader
import org.objectweb.asm.ClassVisitor
import org.objectweb.asm.MethodVisitor
import org.objectweb.asm.Opcodes

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

    @Test
    @EnabledForJreRange(min = JRE.JAVA_22)
    fun `metadata have the types of all foreign calls, and no other`() {
        val calls = Class.forName("rs.scalekit.internal.ForeignCall")
        val downcalls = calls.enumConstants.map { call ->
            val options = if (field(call, "isCritical") as Boolean) ""","options":{"critical":{"allowHeapAccess":false}}""" else ""
            described(field(call, "type"), options)
        }
        assertEquals(3, downcalls.toSet().size)
        val upcalls = listOf(described(calls.getDeclaredField("COMPLETION").apply { isAccessible = true }.get(null)))
        val foreign = metadata("reachability-metadata.json").jsonObject.getValue("foreign").jsonObject
        assertEquals(downcalls, foreign.getValue("downcalls").jsonArray.map { it.toString() })
        assertEquals(upcalls, foreign.getValue("upcalls").jsonArray.map { it.toString() })
    }

    /** The type of a call as in metadata, by the text of its class. */
    private fun described(type: Any, options: String = ""): String {
        val (parameters, result) = checkNotNull(Regex("""\((.*)\)(.*)""").matchEntire("$type")).destructured
        val names = mapOf("j8" to "jlong", "b1" to "jbyte", "v" to "void")
        // A letter and the size of each parameter.
        val list = Regex("[a-z][0-9]").findAll(parameters).joinToString(",") { "\"${names.getValue(it.value)}\"" }
        return """{"returnType":"${names.getValue(result)}","parameterTypes":[$list]$options}"""
    }

    private fun field(call: Any, name: String): Any =
        call.javaClass.getDeclaredField(name).apply { isAccessible = true }.get(call)

    @Test
    fun `only the calls that metadata name have a type`() {
        val users = classes.resolve("META-INF/versions/22").walk().filter { it.extension == "class" }
            .filter { file -> calls(file).any { it.startsWith("java/lang/foreign/FunctionDescriptor.of") } }
            .map { it.nameWithoutExtension }.toList()
        assertEquals(listOf("ForeignCall"), users)
    }

    @Test
    fun `metadata name methods that exist`() {
        val types = metadata("reachability-metadata.json").jsonObject.getValue("reflection").jsonArray
        for (type in types.map { it.jsonObject }.filter { it.text("type").startsWith("java.") }) {
            val methods = type.getValue("methods").jsonArray.map { it.jsonObject }
            assertTrue(methods.isNotEmpty(), "$type")
            val declared = Class.forName(type.text("type")).declaredMethods.map { described(it) }
            val isOld = Runtime.version().feature() < JAVA_WITH_VIRTUAL_THREADS
            val expected = methods.map { it.text("name") to it.getValue("parameterTypes").jsonArray.map { p -> p.jsonPrimitive.content } }
            assertTrue(declared.containsAll(expected.filterNot { isOld && it.first == "isVirtual" }), "$type")
        }
    }

    private fun described(method: Method) = method.name to method.parameterTypes.map { it.name }

    /** The methods that a class calls, as `type.name`. */
    private fun calls(file: File): List<String> {
        val found = mutableListOf<String>()
        val method = object : MethodVisitor(Opcodes.ASM9) {
            override fun visitMethodInsn(opcode: Int, type: String, name: String, descriptor: String, isInterface: Boolean) {
                found.add("$type.$name")
            }
        }
        val methods = object : ClassVisitor(Opcodes.ASM9) {
            override fun visitMethod(access: Int, name: String, type: String, signature: String?, errors: Array<String>?) = method
        }
        ClassReader(file.readBytes()).accept(methods, ClassReader.SKIP_DEBUG)
        return found
    }

    private fun isOfJna(type: Class<*>): Boolean =
        listOf(Callback::class.java, Library::class.java, Structure::class.java).any { it.isAssignableFrom(type) } ||
            type.declaredMethods.any { Modifier.isNative(it.modifiers) }

    private fun metadata(file: String): JsonElement =
        Json.parseToJsonElement(classes.resolve("META-INF/native-image/rs.scalekit/scalekit/$file").readText())

    private companion object {
        const val JAVA_WITH_VIRTUAL_THREADS = 21
    }
}
