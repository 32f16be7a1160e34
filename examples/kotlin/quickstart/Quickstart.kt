// From nothing to a customer who can sign in.
//
// It reads SCALEKIT_ENVIRONMENT_URL, SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET. README.md here says how to run it.

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

        // A customer signs up: keep your own id and whatever else you need with the organization.
        val acme = organizations.create(
            CreateOrganization(
                displayName = "Acme Corporation",
                externalId = "customer-42",
                metadata = mapOf("plan" to "enterprise"),
            ),
        )
        println("Created    ${acme.displayName} (${acme.id})")

        // Later, all you have is your own id.
        val found = organizations.getByExternalId("customer-42")
        println("Found      ${found.displayName} on the ${found.metadata["plan"]} plan")

        // Pages are fetched as you go.
        println("Listed     ${organizations.listAll().asFlow().count()} organization(s)")

        // Single sign-on: the feature for the organization, and its connection to the identity provider.
        val sso = OrganizationFeatureSetting(OrganizationFeature.Sso, enabled = true)
        organizations.updateSettings(acme.id, OrganizationSettings(listOf(sso)))
        for (connection in client.connections.list(ListConnections(organizationId = acme.id, include = "all"))) {
            val state = client.connections.enable(acme.id, connection.id)
            println("SSO        ${connection.id} is ${if (state.enabled) "on" else "off"}")
        }

        // The customer's administrator sets up the rest in the portal. The link works once, within a minute.
        val portal = organizations.generatePortalLink(acme.id, listOf(OrganizationFeature.Sso))
        println("Portal     ${portal.location}")

        // Errors are sorted by what you can do about them.
        try {
            organizations.get("org_does_not_exist")
        } catch (error: ScalekitException.NotFound) {
            println("Not found  ${error.message}")
        }

        organizations.delete(acme.id)
        println("Deleted    ${acme.id}")
    }
}
