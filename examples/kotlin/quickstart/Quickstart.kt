// Creates an organization, enables single sign-on for it, and deletes it.
//
// Reads SCALEKIT_ENVIRONMENT_URL, SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET. See examples/kotlin/README.md for how
// to run it.

import kotlinx.coroutines.flow.count
import kotlinx.coroutines.runBlocking
import rs.scalekit.AsyncScalekitClient
import rs.scalekit.CreateOrganization
import rs.scalekit.ListConnections
import rs.scalekit.OrganizationFeature
import rs.scalekit.OrganizationFeatureSetting
import rs.scalekit.OrganizationSettings
import rs.scalekit.ScalekitException

fun main() = runBlocking {
    AsyncScalekitClient.fromEnv().use { client ->
        val organizations = client.organizations

        // Create an organization for a customer. Store your own ID and metadata with it.
        val acme = organizations.create(
            CreateOrganization(
                displayName = "Acme Corporation",
                externalId = "customer-42",
                metadata = mapOf("plan" to "enterprise"),
            ),
        )
        println("Created    ${acme.displayName} (${acme.id})")

        // Find it by your own ID.
        val found = organizations.getByExternalId("customer-42")
        println("Found      ${found.displayName} on the ${found.metadata["plan"]} plan")

        // List all organizations. Pages are fetched on demand.
        println("Listed     ${organizations.listAll().asFlow().count()} organization(s)")

        // Enable single sign-on: the feature for the organization, and its connections to identity providers.
        val sso = OrganizationFeatureSetting(OrganizationFeature.Sso, enabled = true)
        organizations.updateSettings(acme.id, OrganizationSettings(listOf(sso)))
        for (connection in client.connections.list(ListConnections(organizationId = acme.id, include = "all"))) {
            val state = client.connections.enable(acme.id, connection.id)
            println("SSO        ${connection.id} is ${if (state.enabled) "on" else "off"}")
        }

        // The customer's administrator completes the setup in the admin portal. The link works once, within one minute.
        val portal = organizations.generatePortalLink(acme.id, listOf(OrganizationFeature.Sso))
        println("Portal     ${portal.location}")

        // Each kind of error has its own class.
        try {
            organizations.get("org_does_not_exist")
        } catch (error: ScalekitException.NotFound) {
            println("Not found  ${error.message}")
        }

        organizations.delete(acme.id)
        println("Deleted    ${acme.id}")
    }
}
