"""User code in which type checkers must find nothing (`checkers.py`). It is never run.

`typed_errors.py` is the code in which they must find errors.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

import scalekit_rs
from scalekit_rs import (
    AsyncOrganizationPager,
    AsyncScalekitClient,
    CallOptions,
    ClientOptions,
    CreateConnectedAccount,
    CreateOrganization,
    CreateUser,
    CreateUserProfile,
    Failure,
    FailureSource,
    FieldViolation,
    HttpMethod,
    InterceptorVerifier,
    ListOrganizations,
    LoginOptions,
    LoginOutcome,
    LoginSession,
    LoginTransaction,
    MachineClient,
    Organization,
    OrganizationEventData,
    OrganizationFeature,
    OrganizationFeatureSetting,
    OrganizationPage,
    OrganizationPager,
    Organizations,
    OrganizationSettings,
    PublicScalekitClient,
    RetryOptions,
    RoleEventData,
    ScalekitClient,
    ScalekitError,
    SecretText,
    TrustedRoots,
    UpdateOrganization,
    User,
    VerifiedWebhook,
    WebhookData,
    WebhookEvent,
    WebhookSigner,
    WebhookVerifier,
)
from typing_extensions import assert_type


def keywords(client: ScalekitClient) -> None:
    created = client.organizations.create(display_name="Acme", external_id="42", metadata={"seats": "5"})
    assert_type(created, Organization)
    assert_type(client.organizations.create({"display_name": "Acme"}), Organization)
    assert_type(client.organizations.update(created.id, display_name="Acme"), Organization)
    assert_type(client.organizations.list(page_size=30), OrganizationPage)
    assert_type(client.organizations.list_all(page_size=30), OrganizationPager)
    assert_type(client.organizations.list(), OrganizationPage)
    assert_type(client.organizations.list(ListOrganizations(page_size=30)), OrganizationPage)
    client.users.create(created.id, email="ada@example.com")
    client.users.create(created.id, email="ada@example.com", user_profile={"given_name": "Ada"})
    client.organizations.update_settings(created.id, features=[{"name": "sso", "enabled": True}])
    client.domains.create(created.id, domain="acme.example")
    client.passwordless.send(email="ada@example.com")
    login = LoginOptions(redirect_uri="http://localhost/")
    client.login.authorization_url(options=login, state="s", nonce=SecretText("n"), code_challenge="c")


def enumerations_from_text(client: ScalekitClient) -> None:
    client.organizations.generate_portal_link("org_1", ["sso"])
    client.organizations.generate_portal_link("org_1", features=[OrganizationFeature.SSO, "dir_sync"])
    sso = OrganizationFeatureSetting(name="sso", enabled=True)
    client.organizations.update_settings("org_1", features=[sso])
    client.organizations.update_settings("org_1", OrganizationSettings(features=(sso,)))
    client.organizations.update_session_policy("org_1", absolute_session_timeout_unit="minutes")
    client.request("GET", "/api/v1/organizations", query={"page_size": ["10"]})
    client.request(HttpMethod.GET, "/api/v1/organizations")
    for feature in OrganizationFeature:
        assert_type(feature, OrganizationFeature)
    assert_type(list(OrganizationFeature), list[OrganizationFeature])
    assert_type(OrganizationFeature.SSO, OrganizationFeature)
    assert_type(OrganizationFeature("new"), OrganizationFeature)
    assert_type(OrganizationFeature.SSO.wire_value, str)
    assert_type(OrganizationFeature.SSO.is_known, bool)
    text: str = OrganizationFeature.SSO
    assert_type(text.upper(), str)


def event(event: WebhookEvent) -> str | None:
    match event.data:
        case WebhookData.OrganizationCreated(organization=organization):
            assert_type(organization, OrganizationEventData)
            return organization.display_name
        case WebhookData.RoleCreated() as created:
            assert_type(created.role, RoleEventData)
        case WebhookData.Unknown(event_type=event_type, raw=raw):
            assert_type(event_type, str)
            assert_type(raw, Any)
        case _:
            return None
    return event.event_type


def event_of_one_type(event: WebhookEvent) -> RoleEventData | None:
    if isinstance(event.data, WebhookData.RoleDeleted):
        assert_type(event.data.role, RoleEventData)
        return event.data.role
    return None


def made_event() -> WebhookData:
    return WebhookData.OrganizationCreated(organization=OrganizationEventData(id="org_1"))


def webhook(headers: Mapping[str, str], pairs: list[tuple[bytes, bytes]], body: bytearray) -> None:
    verifier = WebhookVerifier(["whsec_"])
    assert_type(verifier.event(headers, body), WebhookEvent)
    assert_type(verifier.event(pairs, bytes(body)), WebhookEvent)
    assert_type(verifier.verify(headers, memoryview(body)), VerifiedWebhook)
    assert_type(WebhookSigner("whsec_").sign("msg_1", body), dict[str, str])


async def login(client: ScalekitClient, other: AsyncScalekitClient) -> None:
    started = client.login.start(LoginOptions(redirect_uri="http://localhost/"))
    started = client.login.start(redirect_uri="http://localhost/", scopes=["openid"], prompt="login")
    assert_type(started.transaction, LoginTransaction)
    assert_type(client.login.finish("", started.transaction), LoginOutcome)
    outcome = await other.login.finish("", started.transaction)
    assert_type(outcome.claims.email, str | None)
    assert_type(outcome.claims.audience, list[str])
    session = await other.login.refresh_if_needed(outcome.session)
    assert_type(session, LoginSession)
    # Properties: nothing is called.
    assert_type(session.access_token, SecretText)
    assert_type(session.id_token, SecretText | None)
    assert_type(session.expires_at, datetime.datetime)
    assert_type(session.needs_refresh, bool)
    assert_type(session.scopes, list[str])
    assert_type(started.transaction.return_to, str | None)
    assert_type(LoginSession.from_text(session.to_text()), LoginSession)
    client.login.logout_url(id_token_hint=session.id_token)


def blocking(client: ScalekitClient) -> None:
    assert_type(client.organizations, Organizations)
    created = client.organizations.create(CreateOrganization(display_name="Acme", metadata={"a": "b"}))
    assert_type(created, Organization)
    assert_type(created.create_time, datetime.datetime | None)
    for organization in client.organizations.list_all():
        assert_type(organization, Organization)
    items: Iterator[Organization] = client.organizations.list_all()
    assert_type(next(items), Organization)
    assert_type(client.organizations.list_all().next_page(), list[Organization] | None)
    assert_type(client.jwks(), Any)
    with ScalekitClient.from_env() as opened:
        assert_type(opened, ScalekitClient)


def pages(client: ScalekitClient) -> None:
    page = client.organizations.list()
    for organization in page:
        assert_type(organization, Organization)
    assert_type([organization.id for organization in page.auto_paging_iter()], list[str])
    assert_type(len(page), int)
    assert_type(page.organizations, list[Organization])
    assert_type(page.next_page_token, str | None)


async def asynchronous(client: AsyncScalekitClient) -> None:
    assert_type(await client.organizations.get("org_1"), Organization)
    assert_type(await client.organizations.create(display_name="Acme"), Organization)
    assert_type(await client.organizations.list(page_size=30), OrganizationPage)
    assert_type(client.organizations.list_all(page_size=30), AsyncOrganizationPager)
    async for organization in client.organizations.list_all():
        assert_type(organization, Organization)
    items: AsyncIterator[Organization] = client.organizations.list_all()
    assert_type(await items.__anext__(), Organization)
    page = await client.organizations.list()
    async for organization in page.auto_paging_iter_async():
        assert_type(organization, Organization)
    async with AsyncScalekitClient.from_env() as opened:
        assert_type(opened, AsyncScalekitClient)


def options() -> None:
    client = ScalekitClient()
    client = ScalekitClient("https://acme.scalekit.com", "skc_1", "secret")
    client = ScalekitClient("https://acme.scalekit.com", "skc_1", "secret", timeout=5, headers={"a": "b"})
    client = ScalekitClient(options=ClientOptions(timeout_seconds=5, retry=RetryOptions(max_retries=4)))
    client = ScalekitClient(timeout=5, trusted_roots="system", strict_async=True)
    client = ScalekitClient(trusted_roots=TrustedRoots.SYSTEM)
    client = ScalekitClient.from_env(timeout=5)
    assert_type(client.with_options(timeout=5), ScalekitClient)
    assert_type(client.with_options(CallOptions(timeout_seconds=1)), ScalekitClient)
    assert_type(AsyncScalekitClient(timeout=5), AsyncScalekitClient)
    public = PublicScalekitClient("https://acme.scalekit.com", "skc_1", timeout=5)
    assert_type(public.with_options(timeout=5), PublicScalekitClient)


def errors(client: ScalekitClient) -> ScalekitError.Conflict | None:
    try:
        client.organizations.delete("org_1")
    except ScalekitError.NotFound as error:
        assert_type(error, ScalekitError.NotFound)
        assert_type(error.failure, Failure)
        assert_type(error.failure.status, int | None)
        assert_type(error.status, int | None)
        assert_type(error.code, str | None)
        assert_type(error.request_id, str | None)
        assert_type(error.source, FailureSource)
        assert_type(error.field_violations, list[FieldViolation])
    except (ScalekitError.RateLimited, ScalekitError.Timeout) as error:
        assert_type(error.retry_after_seconds, float | None)
    except ScalekitError.Conflict as error:
        return error
    except scalekit_rs.ScalekitError as error:
        assert_type(error.failure.retryable, bool)
    return None


def matched(error: ScalekitError) -> str:
    match error:
        case ScalekitError.NotFound(status=status):
            assert_type(status, int | None)
            return "not found"
        case ScalekitError.RateLimited(retry_after_seconds=float(seconds)):
            return f"wait {seconds}"
        case ScalekitError.Unauthenticated() | ScalekitError.PermissionDenied():
            return "denied"
        case _:
            return error.operation


def made_errors() -> ScalekitError:
    failure = Failure(summary="org_1 is missing", status=404)
    assert_type(ScalekitError.NotFound(failure), ScalekitError.NotFound)
    return ScalekitError.NotFound("org_1 is missing", code="RESOURCE_NOT_FOUND")


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
    assert_type(LoginSession.from_text(text), LoginSession)
    assert_type(LoginTransaction.from_text(secret), LoginTransaction)
    user = CreateUser(email=text, user_profile={"given_name": text})
    assert_type(user.user_profile, CreateUserProfile | None)
    MachineClient(client_id="", client_secret=secret)
    assert_type(SecretText("x").reveal(), str)


def records(user: User) -> None:
    # For tests: every field of a response is optional.
    made = Organization(id="org_1", display_name="Acme")
    assert_type(made.to_dict(), dict[str, Any])
    assert_type(made.to_json(), str)
    assert_type(Organization.from_dict({"id": "org_1"}), Organization)
    assert_type(CreateUser.from_dict(user.to_dict(reveal_secrets=True)), CreateUser)
    match made:
        case Organization(id=id, display_name="Acme"):
            assert_type(id, str)
        case _:
            pass
    assert_type(copy.copy(made), Organization)
    assert_type(hash(made), int)
    change = made.to_update()
    assert_type(change, UpdateOrganization)
    change.display_name = "Acme International"
    change.metadata = {"plan": "enterprise"}
    account = CreateConnectedAccount(connector="gmail")
    account.identifier = "ada"
    options = LoginOptions(redirect_uri="http://localhost/")
    assert_type(options.scopes, list[str])
    options.scopes.append("offline_access")
    options.scopes = ["openid", "offline_access"]
    call = CallOptions(headers={"a": "b"})
    call.headers["x-request-source"] = "test"
    options.prompt = "login"
