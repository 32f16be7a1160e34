package rs.scalekit

import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Twenty-five organizations on three pages. */
class PagesTest {
    private val small = ListOrganizations(pageSize = 10)
    private val once = ClientOptions(retry = RetryOptions(maxRetries = 0))

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
    fun `a for loop gets all items, a page when it is needed`() = Emulator.blocking().use { client ->
        val names = mutableListOf<String>()
        for (organization in client.organizations.listAll(small)) {
            names += organization.displayName
            assertEquals((names.size + 9) / 10, requests())
        }
        assertEquals(25, names.toSet().size)
    }

    @Test
    fun `a sequence is lazy`() = Emulator.blocking().use { client ->
        val pager = client.organizations.listAll(small)
        val names = pager.asSequence().map { it.displayName }
        assertEquals(0, requests())
        assertEquals(10, names.take(10).toList().size)
        assertEquals(1, requests())
        // The walk goes on where it stopped.
        assertEquals(15, names.count())
        assertEquals(3, requests())
        assertEquals(null, pager.nextPage())
    }

    @Test
    fun `a flow is lazy`() = runBlocking<Unit> {
        Emulator.async().use { client ->
            val names = client.organizations.listAll(small).asFlow().map { it.displayName }
            assertEquals(0, requests())
            assertEquals(10, names.take(10).toList().size)
            assertEquals(1, requests())
            assertEquals(25, client.organizations.listAll(small).asFlow().toList().toSet().size)
        }
    }

    @Test
    fun `an error in the middle surfaces, and the page can be asked for again`() = runBlocking<Unit> {
        val fault = """{"operation": "organizations.list", "kind": "status", "status": 503, "after": 1}"""
        Emulator.fault(fault)
        Emulator.blocking(once).use { client ->
            val pager = client.organizations.listAll(small)
            val names = mutableListOf<String>()
            assertThrows<ScalekitException.Service> { for (organization in pager) names += organization.displayName }
            assertEquals(10, names.size)
            for (organization in pager) names += organization.displayName
            assertEquals(25, names.toSet().size)
        }
        Emulator.fault(fault)
        Emulator.async(once).use { client ->
            val pager = client.organizations.listAll(small)
            val names = mutableListOf<String>()
            assertThrows<ScalekitException.Service> { pager.asFlow().collect { names += it.displayName } }
            assertEquals(10, names.size)
            pager.asFlow().collect { names += it.displayName }
            assertEquals(25, names.toSet().size)
        }
    }
}
