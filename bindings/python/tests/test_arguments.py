"""Arguments: invalid ones are rejected by name, before a request is sent."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import scalekit_rs
from scalekit_rs import HttpMethod, Organization, OrganizationFeature, ScalekitError, SecretText
from scalekit_rs._native import scalekit

from support.emulator import Emulator
from support.styles import Blocking

Call = Callable[[Any], Any]

# Without type hints, as in a program that uses no type checker.
untyped: Any = scalekit_rs
native: Any = scalekit

CYCLIC: list[Any] = []
CYCLIC.append(CYCLIC)

# Calls, and the start of the error message.
WRONG_TYPES: list[tuple[Call, str]] = [
    (lambda c: c.organizations.get(7), "`id` must be str, not int"),
    (lambda c: c.organizations.get(None), "`id` must be str, not NoneType"),
    (
        lambda c: c.organizations.create({"display_name": "A"}),
        "`organization` must be CreateOrganization, not dict",
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
        "`metadata` must be str, not int",
    ),
    (lambda c: c.organizations.generate_portal_link("org_1", "sso"), "`features` must be list, not str"),
    (
        lambda c: c.organizations.generate_portal_link("org_1", ["sso"]),
        "`features` must be OrganizationFeature, not str",
    ),
    (
        lambda c: c.organizations.update_settings("org_1", untyped.OrganizationSettings(features=[{}])),
        "`features` must be OrganizationFeatureSetting, not dict",
    ),
    (
        lambda c: c.organizations.update_settings(
            "org_1",
            untyped.OrganizationSettings(
                features=[untyped.OrganizationFeatureSetting(name=OrganizationFeature.SSO, enabled="yes")]
            ),
        ),
        "`enabled` must be bool, not str",
    ),
    (lambda c: c.request("GET", "/keys"), "`method` must be HttpMethod, not str"),
    (
        lambda c: c.request(HttpMethod.POST, "/x", body={1, 2}),
        "`body` cannot be serialized as JSON: Object of type set",
    ),
    (lambda c: c.with_options({"timeout_seconds": 1}), "`options` must be CallOptions, not dict"),
]

WRONG_VALUES: list[tuple[Call, str]] = [
    (lambda c: c.organizations.get(""), "`id` must not be empty"),
    (lambda c: c.organizations.get("\ud800"), "`id` must be valid UTF-8"),
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
        with pytest.raises(ScalekitError.InvalidArgument, match="`timeout_seconds` must be above 0"):
            style_class(emulator.credentials, untyped.ClientOptions(timeout_seconds=seconds))


def test_rejected_secret_is_not_in_error() -> None:
    with pytest.raises(ScalekitError.InvalidArgument) as caught:
        SecretText("hunter2\ud800")
    assert "hunter2" not in str(caught.value) + repr(caught.value)
    assert caught.value.__cause__ is None


def test_timestamp_without_time_zone_is_rejected() -> None:
    aware = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, datetime.timezone.utc)
    converter = native._UniffiFfiConverterTypeOrganization
    converter.check_lower(Organization(create_time=aware))
    assert converter.lift(converter.lower(Organization(create_time=aware))).create_time == aware
    with pytest.raises(ScalekitError.InvalidArgument, match="`create_time` must have a time zone"):
        converter.check_lower(Organization(create_time=aware.replace(tzinfo=None)))
    with pytest.raises(TypeError, match="`create_time` must be datetime, not str"):
        converter.check_lower(untyped.Organization(create_time="2026-01-02"))
