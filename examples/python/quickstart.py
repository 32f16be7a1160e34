"""Creates an organization and sets up single sign-on: `python examples/python/quickstart.py`.

Reads `SCALEKIT_ENVIRONMENT_URL`, `SCALEKIT_CLIENT_ID` and `SCALEKIT_CLIENT_SECRET`.
"""

from scalekit_rs import OrganizationFeatureSetting, ScalekitClient, ScalekitError


def main() -> None:
    with ScalekitClient() as client:
        # Create an organization for a new customer, with your own ID and metadata.
        acme = client.organizations.create(
            display_name="Acme Corporation", external_id="customer-42", metadata={"plan": "enterprise"}
        )
        print(f"Created    {acme.display_name} ({acme.id})")

        # Look it up by your own ID.
        found = client.organizations.get_by_external_id("customer-42")
        print(f"Found      {found.display_name} on the {found.metadata['plan']} plan")

        # Iterate over all organizations. Pages are fetched as needed.
        count = sum(1 for _ in client.organizations.list_all())
        print(f"Listed     {count} organization(s)")

        # Enable single sign-on: the feature, and the connections to the organization's identity provider.
        sso = OrganizationFeatureSetting(name="sso", enabled=True)
        client.organizations.update_settings(acme.id, features=[sso])
        for connection in client.connections.list(organization_id=acme.id, include="all"):
            state = client.connections.enable(acme.id, connection.id)
            print(f"SSO        {connection.id} is {'on' if state.enabled else 'off'}")

        # The customer's administrator sets up the rest in the portal. The link works once, within a minute.
        portal = client.organizations.generate_portal_link(acme.id, features=["sso"])
        print(f"Portal     {portal.location}")

        # Catch errors by class.
        try:
            client.organizations.get("org_does_not_exist")
        except ScalekitError.NotFound as error:
            print(f"Not found  {error}")

        client.organizations.delete(acme.id)
        print(f"Deleted    {acme.id}")


if __name__ == "__main__":
    main()
