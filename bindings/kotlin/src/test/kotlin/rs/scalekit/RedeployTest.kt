package rs.scalekit

import java.io.File
import java.lang.ref.ReferenceQueue
import java.lang.ref.WeakReference
import java.net.URLClassLoader
import kotlin.concurrent.thread
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotSame
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import rs.scalekit.internal.Library

private const val URL = "scalekit.tests.url"
private const val ID = "scalekit.tests.id"
private const val SECRET = "scalekit.tests.secret"

/** A web application, whose class loader has its libraries as well. */
class DeployedApplication : Runnable {
    override fun run() {
        val (url, id, secret) = listOf(URL, ID, SECRET).map { System.getProperty(it) }
        ScalekitClient(url, id, secret).use { check(it.organizations.get("org_1").id == "org_1") }
        runBlocking { AsyncScalekitClient(url, id, secret).use { check(it.organizations.get("org_1").id == "org_1") } }
    }
}

/** A server that deploys an application again drops the class loader of the old one. */
class RedeployTest {
    private val collected = ReferenceQueue<ClassLoader>()

    @BeforeEach
    fun seed() {
        Emulator.reset()
        Emulator.seedFive()
    }

    @Test
    fun `the class loader of a closed application is collected with the foreign-function API`() {
        val (first, second) = deploy() to deploy()
        assertEquals(4, Emulator.requests("organizations.get").size)
        // JNA keeps the classes that it calls.
        if (Library.backend.javaClass.simpleName != "ForeignBackend") return
        val left = mutableSetOf(first, second)
        val end = System.nanoTime() + 30_000_000_000
        while (left.isNotEmpty() && System.nanoTime() < end) {
            System.gc()
            collected.remove(100)?.let { found -> left.removeIf { it === found } }
        }
        assertEquals(emptySet<Any>(), left)
        // The threads of the core go on to call the stubs of the others.
        runBlocking { Emulator.async().use { assertEquals("org_1", it.organizations.get("org_1").id) } }
    }

    /** Runs an application, and returns a reference to its class loader. */
    private fun deploy(): WeakReference<ClassLoader> {
        for ((name, value) in listOf(URL to Emulator.url, ID to Emulator.clientId, SECRET to Emulator.clientSecret)) {
            System.setProperty(name, value)
        }
        val paths = System.getProperty("java.class.path").split(File.pathSeparator)
        val urls = paths.map { File(it).toURI().toURL() }.toTypedArray()
        URLClassLoader(urls, ClassLoader.getPlatformClassLoader()).use { loader ->
            val application = Class.forName("rs.scalekit.DeployedApplication", true, loader)
            assertNotSame(DeployedApplication::class.java, application)
            assertSame(loader, Class.forName("rs.scalekit.ScalekitClient", true, loader).classLoader)
            var failure: Throwable? = null
            val run = application.getDeclaredConstructor().newInstance() as Runnable
            // A thread of its own, as those of a server that have run an old application end.
            val thread = thread(contextClassLoader = loader) { failure = runCatching { run.run() }.exceptionOrNull() }
            thread.join()
            assertNull(failure?.stackTraceToString())
            return WeakReference(loader, collected)
        }
    }
}
