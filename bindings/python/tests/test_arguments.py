"""Arguments: invalid ones are rejected by name, before a request is sent."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
import scalekit_rs
from scalekit_rs import (
    ConnectionType,
    HttpMethod,
    Organization,
    OrganizationFeature,
    ScalekitError,
    SecretText,
)

from support.emulator import Emulator
from support.styles import Blocking

Call = Callable[[Any], Any]

# Without type hints, as in a program that uses no type checker.
untyped: Any = scalekit_rs

CYCLIC: list[Any] = []
CYCLIC.append(CYCLIC)

# Calls, and the start of the error message.
WRONG_TYPES: list[tuple[Call, str]] = [
    (lambda c: c.organizations.get(7), "`id` must be str, not int"),
    (lambda c: c.organizations.get(None), "`id` must be str, not NoneType"),
    (
        lambda c: c.organizations.create(["A"]),
        "`organization` must be CreateOrganization or dict, not list",
    ),
    (
        lambda c: c.organizations.create({"display_nam": "A"}),
        "CreateOrganization has no field `display_nam`; did you mean `display_name`?",
    ),
    (
        lambda c: c.organizations.create(untyped.CreateOrganization(display_name=7)),
        "`display_name` must be str, not int",
    ),
    (
        lambda c: c.organizations.create(untyped.CreateOrganization(display_name="A", metadata=["a"])),
        "`metadata` must be dict, not list",
    ),
    (
        lambda c: c.organizations.create(untyped.CreateOrganization(display_name="A", metadata={"a": 1})),
        '`metadata["a"]` must be str, not int',
    ),
    (
        lambda c: c.organizations.create(untyped.CreateOrganization(display_name="A", metadata={1: "a"})),
        "`metadata[1]` must be str, not int",
    ),
    (lambda c: c.organizations.generate_portal_link("org_1", "sso"), "`features` must be list, not str"),
    (
        lambda c: c.organizations.generate_portal_link("org_1", ["sso", b"sso"]),
        "`features[1]` must be OrganizationFeature or str, not bytes",
    ),
    (
        lambda c: c.organizations.generate_portal_link("org_1", [ConnectionType.OIDC]),
        "`features[0]` must be OrganizationFeature or str, not ConnectionType",
    ),
    (
        lambda c: c.organizations.update_settings("org_1", untyped.OrganizationSettings(features=["sso"])),
        "`features[0]` must be OrganizationFeatureSetting or dict, not str",
    ),
    (
        lambda c: c.organizations.update_settings("org_1", {"features": [{"name": "sso"}]}),
        "`features[0]` requires `enabled`",
    ),
    (
        lambda c: c.organizations.update_settings("org_1", {"features": [{"nam": "sso"}]}),
        "`features[0].nam` is not a field of OrganizationFeatureSetting; did you mean `name`?",
    ),
    (
        lambda c: c.organizations.update_settings(
            "org_1",
            untyped.OrganizationSettings(
                features=[untyped.OrganizationFeatureSetting(name=OrganizationFeature.SSO, enabled="yes")]
            ),
        ),
        "`features[0].enabled` must be bool, not str",
    ),
    (lambda c: c.request(7, "/keys"), "`method` must be HttpMethod or str, not int"),
    (
        lambda c: c.request(HttpMethod.POST, "/x", body={1, 2}),
        "`body` cannot be serialized as JSON: Object of type set",
    ),
    (lambda c: c.with_options(1), "`options` must be CallOptions or dict, not int"),
]

WRONG_VALUES: list[tuple[Call, str]] = [
    (lambda c: c.organizations.get(""), "`id` must not be empty"),
    (lambda c: c.organizations.get("\ud800"), "`id` must be valid UTF-8"),
    (
        lambda c: c.request("TRACE", "/keys"),
        '`method` must be one of "GET", "POST", "PUT", "PATCH", "DELETE"',
    ),
    (
        lambda c: c.organizations.generate_portal_link("org_1", ["sso", "\ud800"]),
        "`features[1]` must be valid UTF-8",
    ),
    (lambda c: c.organizations.list(page_size=2**63), "`page_size` must be an integer of 64 bits"),
    (lambda c: c.with_options(timeout=10**400), "`timeout_seconds` must be a finite number"),
    (
        lambda c: c.request(HttpMethod.POST, "/x", body=float("nan")),
        "`body` cannot be serialized as JSON: Out of range",
    ),
    (
        lambda c: c.request(HttpMethod.POST, "/x", body=CYCLIC),
        "`body` cannot be serialized as JSON: Circular",
    ),
]


@pytest.mark.parametrize(("call", "message"), WRONG_TYPES, ids=[message for _, message in WRONG_TYPES])
def test_wrong_argument_type_raises_type_error(
    style: Blocking, emulator: Emulator, call: Call, message: str
) -> None:
    with pytest.raises(TypeError) as caught:
        style.call(call)
    assert str(caught.value).startswith(message)
    assert emulator.control("requests", method="GET")["requests"] == []


@pytest.mark.parametrize(("call", "message"), WRONG_VALUES, ids=[message for _, message in WRONG_VALUES])
def test_invalid_argument_value_raises_invalid_argument(
    style: Blocking, emulator: Emulator, call: Call, message: str
) -> None:
    with pytest.raises(ScalekitError.InvalidArgument) as caught:
        style.call(call)
    assert str(caught.value).startswith(message)
    assert not caught.value.failure.retryable
    assert emulator.control("requests", method="GET")["requests"] == []


def test_invalid_client_options_are_rejected(style_class: type[Blocking], emulator: Emulator) -> None:
    with pytest.raises(TypeError, match="`timeout_seconds` must be float, not str"):
        style_class(emulator.credentials, untyped.ClientOptions(timeout_seconds="1"))
    for seconds in (0, -1, float("nan")):
        with pytest.raises(ScalekitError.InvalidArgument, match="`timeout_seconds` must be greater than 0"):
            style_class(emulator.credentials, untyped.ClientOptions(timeout_seconds=seconds))


def test_rejected_secret_is_not_in_error() -> None:
    with pytest.raises(ScalekitError.InvalidArgument) as caught:
        SecretText("hunter2\ud800")
    assert "hunter2" not in str(caught.value) + repr(caught.value)
    assert caught.value.__cause__ is None


def test_timestamp_without_time_zone_is_rejected() -> None:
    aware = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, datetime.timezone.utc)
    assert Organization(create_time=aware).create_time == aware
    with pytest.raises(ScalekitError.InvalidArgument, match=r"^`create_time` must have a time zone"):
        Organization(create_time=aware.replace(tzinfo=None))
    with pytest.raises(TypeError, match=r"^`create_time` must be datetime, not str$"):
        untyped.Organization(create_time="2026-01-02")
    signer = scalekit_rs.WebhookSigner("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    with pytest.raises(ScalekitError.InvalidArgument, match=r"^`at` must have a time zone"):
        signer.sign("msg_1", b"", aware.replace(tzinfo=None))


def test_dict_is_accepted_where_a_record_is_meant(style: Blocking, emulator: Emulator) -> None:
    acme = style.call(
        lambda c: c.organizations.create({"display_name": "Acme", "metadata": {"plan": "gold"}})
    )
    assert (acme.display_name, acme.metadata) == ("Acme", {"plan": "gold"})
    # Nested records, and the service's names.
    settings = {"features": [{"name": "sso", "enabled": True}]}
    updated = style.call(lambda c: c.organizations.update_settings(acme.id, settings))
    assert updated.settings.features[0].name is OrganizationFeature.SSO
    assert updated.settings.features[0].enabled


def test_text_is_accepted_where_an_enumeration_is_meant(style: Blocking, emulator: Emulator) -> None:
    emulator.seed_organizations(1)
    features = ["sso", OrganizationFeature.DIRECTORY_SYNC]
    assert style.call(lambda c: c.organizations.generate_portal_link("org_1", features)).id
    # Unknown text of an open enumeration is sent as it is, since the service may know it.
    with pytest.raises(ScalekitError.InvalidRequest):
        style.call(lambda c: c.organizations.generate_portal_link("org_1", ["a_new_feature"]))
    known, unknown = emulator.requests("organizations.generate_portal_link")
    assert "dir_sync" in json.dumps(known)
    assert "a_new_feature" in json.dumps(unknown), unknown
    assert style.call(lambda c: c.request("get", "/api/v1/organizations/org_1")).status == 200
