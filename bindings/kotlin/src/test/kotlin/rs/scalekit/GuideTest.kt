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

/** The code of README.md, word for word. It is a separate program, since it reads environment variables. */
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
        JavaGuide.async()
        println("The guide ran to completion.")
    }

    private fun errors(client: ScalekitClient) {
        try {
            client.organizations.get("org_unknown")
        } catch (error: ScalekitException.NotFound) {
            println("${error.message} (request ${error.failure.requestId})")
        } catch (error: ScalekitException) {
            if (error.failure.retryable) println("retry later: ${error.message}")
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
            println(organization?.displayName ?: "timed out")
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
        val label = when (val feature = setting.name) {
            OrganizationFeature.Sso -> "single sign-on"
            is OrganizationFeature.Unrecognized -> "unknown feature: ${feature.value}"
            else -> feature.wireValue
        }
        println(label)
        val saved = setting.toJson() // {"name":"telepathy","enabled":true}
        check(OrganizationFeatureSetting.fromJson(saved) == setting)
        val response = client.request(HttpMethod.GET, "/api/v1/organizations", query = mapOf("page_size" to listOf("10")))
        println(response.body.jsonObject["organizations"])
    }
}

class GuideTest {
    private val guide = File("README.md").readText()

    @Test
    fun `every code block of the guide occurs in the tests`() {
        val code = listOf("kotlin/rs/scalekit/GuideTest.kt", "kotlin/rs/scalekit/GuideLogins.kt", "java/rs/scalekit/JavaGuide.java")
            .joinToString("\n") { File("src/test/$it").readText() }.lines().map { it.trim() }
        val fences = Regex("```(?:kotlin|java)\n(.*?)```", RegexOption.DOT_MATCHES_ALL)
        val blocks = fences.findAll(guide).map { it.groupValues[1] }
        assertTrue(blocks.count() >= 20)
        for (block in blocks) {
            val lines = block.trim().lines().map { it.trim() }
            assertTrue(code.windowed(lines.size).any { it == lines }, "missing in the tests:\n$block")
        }
    }

    @Test
    fun `the code of the guide runs`() {
        Emulator.reset()
        val (code, printed) = program("rs.scalekit.Guide")
        assertEquals(0, code, printed)
        for (line in listOf("Acme is org_", "404", "unknown feature: telepathy", "ada@example.com continues at /reports", "The guide ran to completion.")) {
            assertTrue(printed.contains(line), "$line: $printed")
        }
    }
}

/** Runs a program from the test classes on the emulator. Returns its exit code and its output. */
fun program(main: String): Pair<Int, String> {
    val java = "${System.getProperty("java.home")}/bin/java"
    val program = ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), main)
    program.environment() += Emulator.environment
    val process = program.redirectErrorStream(true).start()
    val printed = process.inputStream.bufferedReader().readText()
    return process.waitFor() to printed
}
