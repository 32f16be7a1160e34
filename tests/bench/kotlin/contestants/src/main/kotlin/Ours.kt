import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.runBlocking
import rs.scalekit.AsyncScalekitClient
import rs.scalekit.ListUsers
import rs.scalekit.ScalekitClient

/** Our jar. */
class Ours : Calls {
    private val client by lazy { ScalekitClient.fromEnv() }
    private val asyncClient by lazy { AsyncScalekitClient.fromEnv() }

    override fun one() = check(client.users.get("usr_1").id == "usr_1")

    override fun page() {
        val page = client.users.list(ListUsers(pageSize = PAGE_SIZE))
        val reading = ReadingOurs()
        page.users.forEach(reading::user)
        check(page.users.size == PAGE_SIZE.toInt() && reading.count > page.users.size)
    }

    override fun async() = runBlocking {
        val calls = List(CONCURRENCY) { async { asyncClient.users.get("usr_1") } }
        check(calls.awaitAll().all { it.id == "usr_1" })
    }
}
