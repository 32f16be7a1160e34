"""User code in which type checkers must find an error in each line that says so, and in no other.

`checkers.py` checks it. It is never run. `typed.py` is the code in which they must find nothing.
"""

from __future__ import annotations

import scalekit_rs
from scalekit_rs import (
    AsyncScalekitClient,
    CreateOrganization,
    Organization,
    OrganizationFeature,
    ScalekitClient,
    ScalekitError,
    WebhookData,
    WebhookVerifier,
)


def keywords(client: ScalekitClient) -> None:
    client.organizations.create(display_nam="Acme")  # error
    client.organizations.create(display_name=7)  # error
    client.organizations.create(external_id="42")  # error
    client.organizations.create(CreateOrganization(display_name="Acme"), display_name="Acme")  # error
    client.organizations.create(["Acme"])  # error
    client.organizations.create(display_name="Acme", metadata={"seats": 5})  # error
    client.organizations.list(page_size="30")  # error
    client.organizations.list(pagesize=30)  # error
    client.organizations.update(display_name="Acme")  # error
    client.organizations.get(7)  # error
    client.organizations.get()  # error
    client.domains.create("org_1", domain=7)  # error
    client.passwordless.send(email=7)  # error
    client.tokens.validate("")  # error


async def asynchronous(client: AsyncScalekitClient) -> None:
    await client.organizations.create(display_nam="Acme")  # error
    await client.organizations.update("org_1", display_name=7)  # error
    for _ in client.organizations.list_all():  # error
        pass
    with client:  # error
        pass


def names(client: ScalekitClient, organization: Organization, error: ScalekitError) -> None:
    print(client.organisations)  # error
    print(organization.displayname)  # error
    print(OrganizationFeature.NO_SUCH_VALUE)  # error
    print(ScalekitError.NoSuchError)  # error
    print(WebhookData.NoSuchEvent)  # error
    print(scalekit_rs.NoSuchName)  # error
    print(error.failure.statuscode)  # error


def immutable(organization: Organization, error: ScalekitError) -> None:
    organization.display_name = "Acme"  # error
    organization.no_such_field = "Acme"  # error
    error.failure.status = 404  # error
    Organization(display_nam="Acme")  # error
    Organization("org_1")  # error
    Organization(id=7)  # error


def requests(request: CreateOrganization) -> None:
    CreateOrganization()  # error
    CreateOrganization("Acme")  # error
    request.display_name = 7  # error
    request.no_such_field = 7  # error
    request.metadata = {"seats": 5}  # error


def options() -> None:
    ScalekitClient("", "", 7)  # error
    ScalekitClient(timeout="5")  # error
    ScalekitClient(time_out=5)  # error
    ScalekitClient().with_options(timeout="5")  # error
    ScalekitClient().with_options(proxy_url="http://proxy:8080")  # error
    WebhookVerifier([7])  # error
    WebhookVerifier(["whsec_"]).event({}, "text")  # error
    WebhookVerifier(["whsec_"]).event({"a": 7}, b"")  # error


def calls(client: ScalekitClient) -> None:
    client.organizations.generate_portal_link("org_1", features=[7])  # error
    session = client.login.finish("", client.login.start(redirect_uri="").transaction).session
    session.id_token()  # error
    organization: str = client.organizations.get("org_1")  # error
    print(organization)
