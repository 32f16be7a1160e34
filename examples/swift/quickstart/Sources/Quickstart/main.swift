// Creates an organization, enables single sign-on for it, and deletes it.
//
// Reads `SCALEKIT_ENVIRONMENT_URL`, `SCALEKIT_CLIENT_ID` and `SCALEKIT_CLIENT_SECRET`.

import Scalekit

let client = try AsyncScalekitClient.fromEnv()
let organizations = client.organizations

// Create an organization for a customer. Store your own ID and metadata with it.
let acme = try await organizations.create(
    CreateOrganization(
        displayName: "Acme Corporation",
        externalId: "customer-42",
        metadata: ["plan": "enterprise"]))
print("Created    \(acme.displayName) (\(acme.id))")

// Find it by your own ID.
let found = try await organizations.getByExternalId("customer-42")
print("Found      \(found.displayName) on the \(found.metadata["plan"] ?? "free") plan")

// List all organizations. Pages are fetched on demand.
var count = 0
for try await _ in organizations.listAll() { count += 1 }
print("Listed     \(count) organization(s)")

// Enable single sign-on: the feature for the organization, and its connections to identity providers.
let sso = OrganizationFeatureSetting(name: .sso, enabled: true)
_ = try await organizations.updateSettings(id: acme.id, OrganizationSettings(features: [sso]))
for connection in try await client.connections.list(ListConnections(organizationId: acme.id, include: "all")) {
    let state = try await client.connections.enable(organizationId: acme.id, connectionId: connection.id)
    print("SSO        \(connection.id) is \(state.enabled ? "on" : "off")")
}

// The customer's administrator completes the setup in the admin portal. The link works once, within one minute.
let portal = try await organizations.generatePortalLink(id: acme.id, features: [.sso])
print("Portal     \(portal.location)")

// Each kind of error has its own case.
do {
    _ = try await organizations.get(id: "org_does_not_exist")
} catch ScalekitError.notFound(let failure) {
    print("Not found  \(failure.summary)")
}

try await organizations.delete(id: acme.id)
print("Deleted    \(acme.id)")
