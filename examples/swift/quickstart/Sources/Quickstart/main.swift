// From nothing to a customer who can sign in.
//
// It reads `SCALEKIT_ENVIRONMENT_URL`, `SCALEKIT_CLIENT_ID` and `SCALEKIT_CLIENT_SECRET`.

import Scalekit

let client = try AsyncScalekitClient.fromEnv()
let organizations = client.organizations

// A customer signs up: keep your own id and whatever else you need with the organization.
let acme = try await organizations.create(
    CreateOrganization(
        displayName: "Acme Corporation",
        externalId: "customer-42",
        metadata: ["plan": "enterprise"]))
print("Created    \(acme.displayName) (\(acme.id))")

// Later, all you have is your own id.
let found = try await organizations.getByExternalId("customer-42")
print("Found      \(found.displayName) on the \(found.metadata["plan"] ?? "free") plan")

// Pages are fetched as you go.
var count = 0
for try await _ in organizations.listAll() { count += 1 }
print("Listed     \(count) organization(s)")

// Single sign-on: the feature for the organization, and its connection to the identity provider.
let sso = OrganizationFeatureSetting(name: .sso, enabled: true)
_ = try await organizations.updateSettings(id: acme.id, OrganizationSettings(features: [sso]))
for connection in try await client.connections.list(ListConnections(organizationId: acme.id, include: "all")) {
    let state = try await client.connections.enable(organizationId: acme.id, connectionId: connection.id)
    print("SSO        \(connection.id) is \(state.enabled ? "on" : "off")")
}

// The customer's administrator sets up the rest in the portal. The link works once, within a minute.
let portal = try await organizations.generatePortalLink(id: acme.id, features: [.sso])
print("Portal     \(portal.location)")

// Errors are sorted by what you can do about them.
do {
    _ = try await organizations.get(id: "org_does_not_exist")
} catch ScalekitError.notFound(let failure) {
    print("Not found  \(failure.summary)")
}

try await organizations.delete(id: acme.id)
print("Deleted    \(acme.id)")
