import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.buildJsonObject
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.put
import rs.scalekit.AsyncScalekitClient
import rs.scalekit.CreateOrganization
import rs.scalekit.HttpMethod
import rs.scalekit.OrganizationFeature
import rs.scalekit.ScalekitClient
import rs.scalekit.ScalekitException

/** Compiled by the oldest Kotlin that the library supports, and run with the oldest libraries. */
fun main() {
    ScalekitClient.fromEnv().use { client ->
        val body = buildJsonObject { put("display_name", "Consumer") }
        val created = client.request(HttpMethod.POST, "/api/v1/organizations", body = body).body.jsonObject
        check("organization" in created) { "$created" }
        check(client.organizations.listAll().asSequence().any { it.displayName == "Consumer" })
        try {
            client.organizations.create(CreateOrganization(""))
            error("an empty name was accepted")
        } catch (error: ScalekitException.InvalidArgument) {
            check("displayName" in error.message) { error.message }
        }
    }
    val names = runBlocking {
        AsyncScalekitClient.fromEnv().use { client -> client.organizations.listAll().asFlow().toList() }
    }.map { it.displayName }
    check("Consumer" in names) { "$names" }
    check(OrganizationFeature.Sso.toString() == "Sso")
    println("The jar works with Kotlin ${KotlinVersion.CURRENT}")
}
