package rs.scalekit

import java.io.File
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeoutOrNull
import kotlinx.serialization.json.jsonObject
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The guide's code, in the guide's words. It is a program, since it reads the environment. */
object Guide {
    @JvmStatic
    fun main(arguments: Array<String>) {
        check(arguments.isEmpty())
        ScalekitClient.fromEnv().use { client ->
            val acme = client.organizations.create(CreateOrganization(displayName = "Acme", externalId = "customer-42"))
            println("${acme.displayName} is ${acme.id}")
        }
        ScalekitClient.fromEnv().use { client ->
            errors(client)
            pages(client)
            values(client)
            GuideLogins.run(client)
        }
        runBlocking { coroutines() }
        options()
        GuideWebhooks.run()
        JavaGuide.run()
        println("The guide is right.")
    }

    private fun errors(client: ScalekitClient) {
        try {
            client.organizations.get("org_nobody")
        } catch (error: ScalekitException.NotFound) {
            println("${error.message} (request ${error.failure.requestId})")
        } catch (error: ScalekitException) {
            if (error.failure.retryable) println("later, perhaps: ${error.message}")
        }
    }

    private fun pages(client: ScalekitClient) {
        for (organization in client.organizations.listAll()) {
            println(organization.displayName)
        }
        val firstThree = client.organizations.listAll().asSequence().filter { it.slug == null }.take(3).toList()
        check(firstThree.single().displayName == "Acme")
    }

    private suspend fun coroutines() {
        AsyncScalekitClient.fromEnv().use { client ->
            val organization = withTimeoutOrNull(2.seconds) { client.organizations.getByExternalId("customer-42") }
            println(organization?.displayName ?: "too slow")
            client.organizations.listAll().asFlow().take(10).collect { println(it.displayName) }
        }
    }

    private fun options() {
        val retry = RetryOptions(maxRetries = 1)
        val options = ClientOptions(timeoutSeconds = 5.0, retry = retry, userAgentSuffix = "billing/1.4")
        ScalekitClient.fromEnv(options).use { client ->
            val patient = client.withOptions(CallOptions(timeoutSeconds = 60.0))
            println(patient.organizations.list().totalSize)
        }
    }

    private fun values(client: ScalekitClient) {
        val setting = OrganizationFeatureSetting(OrganizationFeature.Unrecognized("telepathy"), enabled = true)
        val word = when (val feature = setting.name) {
            OrganizationFeature.Sso -> "single sign-on"
            is OrganizationFeature.Unrecognized -> "something new: ${feature.value}"
            else -> feature.wireValue
        }
        println(word)
        val answer = client.request(HttpMethod.GET, "/api/v1/organizations", query = mapOf("page_size" to listOf("10")))
        println(answer.body.jsonObject["organizations"])
    }
}

class GuideTest {
    private val guide = File("README.md").readText()

    @Test
    fun `the guide's code is the code that runs`() {
        val code = listOf("kotlin/rs/scalekit/GuideTest.kt", "kotlin/rs/scalekit/GuideLogins.kt", "java/rs/scalekit/JavaGuide.java")
            .joinToString("\n") { File("src/test/$it").readText() }.lines().map { it.trim() }
        val fences = Regex("```(?:kotlin|java)\n(.*?)```", RegexOption.DOT_MATCHES_ALL)
        val blocks = fences.findAll(guide).map { it.groupValues[1] }
        assertTrue(blocks.count() >= 20)
        for (block in blocks) {
            val lines = block.trim().lines().map { it.trim() }
            assertTrue(code.windowed(lines.size).any { it == lines }, "not in the tests:\n$block")
        }
    }

    @Test
    fun `the guide's code runs`() {
        Emulator.reset()
        val (code, printed) = program("rs.scalekit.Guide")
        assertEquals(0, code, printed)
        for (line in listOf("Acme is org_", "404", "something new: telepathy", "ada@example.com goes on at /reports", "The guide is right.")) {
            assertTrue(printed.contains(line), "$line: $printed")
        }
    }
}

/** Runs a program of the test classes on the emulator: its exit code, and all that it printed. */
fun program(main: String): Pair<Int, String> {
    val java = "${System.getProperty("java.home")}/bin/java"
    val program = ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), main)
    program.environment() += Emulator.environment
    val process = program.redirectErrorStream(true).start()
    val printed = process.inputStream.bufferedReader().readText()
    return process.waitFor() to printed
}
