"""From nothing to a customer who can sign in: `python examples/python/quickstart.py`.

It reads `SCALEKIT_ENVIRONMENT_URL`, `SCALEKIT_CLIENT_ID` and `SCALEKIT_CLIENT_SECRET`.
"""

from scalekit_rs import (
    CreateOrganization,
    ListConnections,
    OrganizationFeature,
    OrganizationFeatureSetting,
    OrganizationSettings,
    ScalekitClient,
    ScalekitError,
)


def main() -> None:
    with ScalekitClient.from_env() as client:
        # A customer signs up: keep your own id and whatever else you need with the organization.
        acme = client.organizations.create(
            CreateOrganization(
                display_name="Acme Corporation",
                external_id="customer-42",
                metadata={"plan": "enterprise"},
            )
        )
        print(f"Created    {acme.display_name} ({acme.id})")

        # Later, all you have is your own id.
        found = client.organizations.get_by_external_id("customer-42")
        print(f"Found      {found.display_name} on the {found.metadata['plan']} plan")

        # Pages are fetched as you go.
        count = sum(1 for _ in client.organizations.list_all())
        print(f"Listed     {count} organization(s)")

        # Single sign-on: the feature for the organization, and its connection to the identity provider.
        sso = OrganizationFeatureSetting(name=OrganizationFeature.SSO, enabled=True)
        client.organizations.update_settings(acme.id, OrganizationSettings(features=[sso]))
        theirs = ListConnections(organization_id=acme.id, include="all")
        for connection in client.connections.list(theirs):
            state = client.connections.enable(acme.id, connection.id)
            print(f"SSO        {connection.id} is {'on' if state.enabled else 'off'}")

        # The customer's administrator sets up the rest in the portal. The link works once, within a minute.
        portal = client.organizations.generate_portal_link(acme.id, [OrganizationFeature.SSO])
        print(f"Portal     {portal.location}")

        # Errors are sorted by what you can do about them.
        try:
            client.organizations.get("org_does_not_exist")
        except ScalekitError.NotFound as error:
            print(f"Not found  {error}")

        client.organizations.delete(acme.id)
        print(f"Deleted    {acme.id}")


if __name__ == "__main__":
    main()
