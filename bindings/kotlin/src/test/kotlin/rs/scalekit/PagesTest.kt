package rs.scalekit

import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Iteration over twenty-five organizations on three pages. */
class PagesTest {
    private val smallPages = ListOrganizations(pageSize = 10)
    private val withoutRetries = ClientOptions(retry = RetryOptions(maxRetries = 0))

    @BeforeEach
    fun seed() {
        Emulator.reset()
        Emulator.seed(
            (1..25).joinToString(prefix = """{"organizations": [""", postfix = "]}") {
                """{"display_name": "Number $it"}"""
            },
        )
    }

    private fun requests() = Emulator.requests("organizations.list").size

    @Test
    fun `a for loop yields all items and fetches each page on demand`() = Emulator.blocking().use { client ->
        val names = mutableListOf<String>()
        for (organization in client.organizations.listAll(smallPages)) {
            names += organization.displayName
            assertEquals((names.size + 9) / 10, requests())
        }
        assertEquals(25, names.toSet().size)
    }

    @Test
    fun `a sequence fetches pages lazily and continues where it stopped`() = Emulator.blocking().use { client ->
        val pager = client.organizations.listAll(smallPages)
        val names = pager.asSequence().map { it.displayName }
        assertEquals(0, requests())
        assertEquals(10, names.take(10).toList().size)
        assertEquals(1, requests())
        assertEquals(15, names.count())
        assertEquals(3, requests())
        assertEquals(null, pager.nextPage())
    }

    @Test
    fun `a flow fetches pages lazily`() = runBlocking<Unit> {
        Emulator.async().use { client ->
            val names = client.organizations.listAll(smallPages).asFlow().map { it.displayName }
            assertEquals(0, requests())
            assertEquals(10, names.take(10).toList().size)
            assertEquals(1, requests())
            assertEquals(25, client.organizations.listAll(smallPages).asFlow().toList().toSet().size)
        }
    }

    @Test
    fun `after an error the failed page is requested again`() = runBlocking<Unit> {
        val fault = """{"operation": "organizations.list", "kind": "status", "status": 503, "after": 1}"""
        Emulator.fault(fault)
        Emulator.blocking(withoutRetries).use { client ->
            val pager = client.organizations.listAll(smallPages)
            val names = mutableListOf<String>()
            assertThrows<ScalekitException.Service> { for (organization in pager) names += organization.displayName }
            assertEquals(10, names.size)
            for (organization in pager) names += organization.displayName
            assertEquals(25, names.toSet().size)
        }
        Emulator.fault(fault)
        Emulator.async(withoutRetries).use { client ->
            val pager = client.organizations.listAll(smallPages)
            val names = mutableListOf<String>()
            assertThrows<ScalekitException.Service> { pager.asFlow().collect { names += it.displayName } }
            assertEquals(10, names.size)
            pager.asFlow().collect { names += it.displayName }
            assertEquals(25, names.toSet().size)
        }
    }
}
