"""User code to type-check with `mypy --strict`. It is never run."""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Iterator
from typing import Any

import scalekit_rs
from scalekit_rs import (
    AsyncScalekitClient,
    CreateOrganization,
    Failure,
    InterceptorVerifier,
    LoginOptions,
    LoginOutcome,
    LoginSession,
    MachineClient,
    Organization,
    OrganizationEventData,
    OrganizationFeature,
    Organizations,
    RoleEventData,
    ScalekitClient,
    ScalekitError,
    SecretText,
    WebhookData,
    WebhookEvent,
    WebhookSigner,
    WebhookVerifier,
)
from typing_extensions import assert_type


def event(event: WebhookEvent) -> None:
    match event.data:
        case WebhookData.ORGANIZATION_CREATED(organization=organization):
            assert_type(organization, OrganizationEventData)
        case WebhookData.UNKNOWN(event_type=event_type, raw=raw):
            assert_type(event_type, str)
            assert_type(raw, Any)
    if isinstance(event.data, WebhookData.ROLE_CREATED):
        assert_type(event.data.role, RoleEventData)


async def login(client: ScalekitClient, other: AsyncScalekitClient) -> None:
    started = client.login.start(LoginOptions(redirect_uri="http://localhost/"))
    assert_type(client.login.finish("", started.transaction), LoginOutcome)
    outcome = await other.login.finish("", started.transaction)
    assert_type(outcome.claims.email, str | None)
    assert_type(await other.login.refresh_if_needed(outcome.session), LoginSession)
    client.tokens.validate("")  # type: ignore[call-arg]


def blocking(client: ScalekitClient) -> None:
    assert_type(client.organizations, Organizations)
    created = client.organizations.create(CreateOrganization(display_name="Acme", metadata={"a": "b"}))
    assert_type(created, Organization)
    assert_type(created.create_time, datetime.datetime | None)
    created.displayname  # type: ignore[attr-defined]  # noqa: B018
    for organization in client.organizations.list_all():
        assert_type(organization, Organization)
    items: Iterator[Organization] = client.organizations.list_all()
    assert_type(next(items), Organization)
    assert_type(client.jwks(), Any)
    client.organizations.get(7)  # type: ignore[arg-type]
    client.organizations.create(CreateOrganization())  # type: ignore[call-arg]
    print(client.organisations)  # type: ignore[attr-defined]
    with ScalekitClient.from_env() as opened:
        assert_type(opened, ScalekitClient)


async def asynchronous(client: AsyncScalekitClient) -> None:
    assert_type(await client.organizations.get("org_1"), Organization)
    async for organization in client.organizations.list_all():
        assert_type(organization, Organization)
    items: AsyncIterator[Organization] = client.organizations.list_all()
    assert_type(await items.__anext__(), Organization)
    async with AsyncScalekitClient.from_env() as opened:
        assert_type(opened, AsyncScalekitClient)


def errors(client: ScalekitClient) -> ScalekitError.Conflict | None:
    try:
        client.organizations.delete("org_1")
    except ScalekitError.NotFound as error:
        assert_type(error.failure, Failure)
        assert_type(error.failure.status, int | None)
    except ScalekitError.Conflict as error:
        return error
    except scalekit_rs.ScalekitError as error:
        assert_type(error.failure.retryable, bool)
    return None


def secrets(text: str, secret: SecretText, texts: list[str], secrets: list[SecretText]) -> None:
    ScalekitClient("", "", text)
    AsyncScalekitClient("", "", secret)
    WebhookSigner(text)
    WebhookSigner(secret)
    WebhookVerifier(texts)
    InterceptorVerifier(secrets)
    WebhookVerifier([text, secret])
    machine = MachineClient(client_id="", client_secret=text)
    assert_type(machine.client_secret, SecretText)
    MachineClient(client_id="", client_secret=secret)
    ScalekitClient("", "", 7)  # type: ignore[arg-type]
    WebhookVerifier([7])  # type: ignore[list-item]


def values() -> None:
    assert_type(OrganizationFeature.SSO, OrganizationFeature)
    assert_type(OrganizationFeature("new"), OrganizationFeature)
    assert_type(OrganizationFeature.SSO.wire_value, str)
    assert_type(SecretText("x").reveal(), str)
    print(OrganizationFeature.NO_SUCH_VALUE)  # type: ignore[attr-defined]
    print(scalekit_rs.NoSuchName)  # type: ignore[attr-defined]
