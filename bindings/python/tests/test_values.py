"""The data model: records, enumerations, secrets and objects in Python."""

from __future__ import annotations

import copy
import inspect
import json
import pickle
from typing import Any

import pytest
from scalekit_rs import (
    CallOptions,
    ClientOptions,
    ConnectionType,
    CreateOrganization,
    OidcConnectionConfig,
    OrganizationFeature,
    OrganizationFeatureSetting,
    RetryOptions,
    ScalekitClient,
    ScalekitError,
    SecretJson,
    SecretText,
    StaticAuthInput,
    ToolExecution,
)
from scalekit_rs._runtime import calls
from scalekit_rs._runtime.buffers import to_library
from scalekit_rs._runtime.calls import Function
from scalekit_rs._runtime.enums import OpenEnum
from scalekit_rs._runtime.plans import plan_of
from scalekit_rs._runtime.records import Record, _restore_request
from scalekit_rs._runtime.values import codec

from support.emulator import Emulator
from support.functions import REQUESTS, RESPONSES
from support.samples import Samples
from support.styles import Blocking

OPEN_ENUMS = OpenEnum.__subclasses__()
RECORDS: list[type[Record]] = [*RESPONSES, *REQUESTS]


@pytest.mark.parametrize("kind", OPEN_ENUMS)
def test_known_enum_values_match_core(kind: type[OpenEnum]) -> None:
    wire_value = Function(
        f"method_{kind.__name__.lower()}_wire_value", 0, f"self {kind.__name__}", returns="s"
    )
    assert kind._known
    for name, text in kind._known:
        value = getattr(kind, name)
        assert wire_value(value) == text
        assert received(value) is value
        assert kind(text) is value
        assert repr(value) == f"{kind.__name__}.{name}"
    unknown = kind("unknown")
    assert wire_value(unknown) == "unknown"
    assert received(unknown) == unknown


def received(value: OpenEnum) -> Any:
    """The value as if the library returned it."""
    of = codec(type(value).__name__)
    return calls._lifter(of)(to_library(calls._encoder(of)(value).finish()))


def test_open_enum_is_a_str_with_known_values() -> None:
    sso, new = OrganizationFeature.SSO, OrganizationFeature("new")
    assert isinstance(new, OrganizationFeature)
    assert (sso.is_known, new.is_known) == (True, False)
    assert (sso.wire_value, new.wire_value) == ("sso", "new")
    assert (repr(sso), repr(new)) == ("OrganizationFeature.SSO", "OrganizationFeature('new')")
    assert f"{sso} {new}" == "sso new"
    assert json.dumps([sso, new]) == '["sso", "new"]'
    assert {sso: 1, new: 2}[OrganizationFeature("new")] == 2
    for value in (sso, new):
        assert pickle.loads(pickle.dumps(value)) == copy.deepcopy(value) == value
    match OrganizationFeature("sso"):
        case OrganizationFeature.SSO:
            pass
        case other:
            pytest.fail(repr(other))


def test_enum_names_match_wire_values() -> None:
    assert repr(ConnectionType("OAUTH")) == "ConnectionType.OAUTH"
    for kind in OPEN_ENUMS:
        for name, text in kind._known:
            same = name.replace("_", "") == text.upper().replace("_", "")
            assert name == text.upper() or not same, f"{kind.__name__}.{name}"


def test_record_repr_shows_fields() -> None:
    acme = CreateOrganization(display_name="Acme", metadata={"plan": "gold"})
    assert repr(acme) == str(acme) == "CreateOrganization(display_name='Acme', metadata={'plan': 'gold'})"
    setting = OrganizationFeatureSetting(name=OrganizationFeature.SSO, enabled=False)
    assert repr(setting) == "OrganizationFeatureSetting(name=OrganizationFeature.SSO, enabled=False)"


def test_records_compare_by_value() -> None:
    assert RetryOptions() == RetryOptions(max_retries=2)
    assert RetryOptions() != RetryOptions(max_retries=3)
    assert RetryOptions() != ClientOptions()
    assert RetryOptions() != None  # noqa: E711
    with pytest.raises(TypeError, match="unhashable"):
        hash(RetryOptions())


def test_unknown_field_cannot_be_set() -> None:
    acme = CreateOrganization(display_name="Acme")
    acme.display_name = "Acme II"
    with pytest.raises(AttributeError):
        acme.dispaly_name = "typo"  # type: ignore[attr-defined]
    with pytest.raises(TypeError):
        CreateOrganization("Acme")  # type: ignore[call-arg]


def test_omitted_json_is_none() -> None:
    assert ToolExecution().data is None


def test_defaults_are_not_shared() -> None:
    first, second = ClientOptions(), ClientOptions()
    assert isinstance(first.headers, dict)
    first.headers["x"] = "1"
    assert second.headers == {}


@pytest.mark.parametrize("kind", RECORDS)
def test_every_record_has_type_hints_and_docs(kind: type[Record]) -> None:
    assert kind.__doc__
    for name in plan_of(kind).names:
        member = inspect.getattr_static(kind, name)
        if isinstance(member, property):
            assert member.fget
            assert inspect.getdoc(member), f"{kind.__name__}.{name}"
            assert "return" in member.fget.__annotations__
        else:
            assert name in kind.__annotations__
        # `help` and IDEs show the text of the class.
        assert f"\n    {name}: " in inspect.cleandoc(kind.__doc__)


def test_records_can_be_copied_and_pickled() -> None:
    acme = CreateOrganization(display_name="Acme", metadata={"plan": "gold"})
    assert pickle.loads(pickle.dumps(acme)) == copy.copy(acme) == copy.deepcopy(acme) == acme
    assert copy.deepcopy(acme).metadata is not acme.metadata


class Pickled:
    """A request as another version of the package pickled it: with other fields."""

    def __init__(self, **values: Any) -> None:
        self.values = values

    def __reduce__(self) -> Any:
        return _restore_request, (CreateOrganization, 1, self.values)


def test_pickled_request_of_another_version_is_read_by_name() -> None:
    restored = pickle.loads(pickle.dumps(Pickled(display_name="Acme", shoe_size=43)))
    assert restored == CreateOrganization(display_name="Acme")


@pytest.mark.parametrize("kind", REQUESTS)
def test_every_request_can_be_copied(kind: Any) -> None:
    for seed in range(5):
        one = Samples(seed).of_class(kind)
        for copied in (copy.copy(one), copy.deepcopy(one)):
            assert type(copied) is kind
            assert repr(copied) == repr(one)
            assert copied == one or "nan" in repr(one)


def printed(value: object) -> str:
    return f"{value} {value!r} {[value]} {value:}"


def test_secrets_are_redacted(emulator: Emulator) -> None:
    secret = SecretText("hunter2")
    assert printed(secret) == "SecretText(..) SecretText(..) [SecretText(..)] SecretText(..)"
    assert secret.reveal() == "hunter2"
    assert secret == SecretText("hunter2")
    assert secret != SecretText("hunter3")
    holders = [
        OidcConnectionConfig(client_secret=secret),
        StaticAuthInput(details=SecretJson({"key": "hunter2"})),
        ClientOptions(proxy_password=secret, client_certificate_pem=secret, headers={"x-key": "hunter2"}),
        CallOptions(headers={"x-key": "hunter2"}),
        ScalekitClient(*emulator.credentials),
        ScalekitClient(*emulator.credentials).organizations,
        ScalekitClient(*emulator.credentials).organizations.list_all(),
    ]
    for holder in holders:
        assert "hunter2" not in printed(holder)
        assert emulator.client_secret not in printed(holder)
    assert "x-key" in printed(holders[2])


def test_client_secret_is_text_or_secret_text(style_class: type[Blocking], emulator: Emulator) -> None:
    emulator.seed_organizations(1)
    url, client_id, text = emulator.credentials
    for secret in (text, SecretText(text)):
        style = style_class((url, client_id, secret))
        assert style.call(lambda client: client.organizations.get("org_1")).id == "org_1"
        assert text not in printed(style.client)
    with pytest.raises(ScalekitError.InvalidArgument, match=r"^`client_secret` must not be empty$"):
        style_class((url, client_id, SecretText(" ")))


def test_secrets_in_responses_are_redacted(style: Blocking, emulator: Emulator) -> None:
    connection = {
        "id": "conn_1",
        "status": "COMPLETED",
        "oidc_config": {"client_secret": "hunter2"},
        "static_config": {"static_config": {"key": "hunter2"}},
    }
    emulator.fault("connections.get", "answer", body={"connection": connection})
    found = style.call(lambda client: client.connections.get("org_1", "conn_1"))
    assert found.oidc_config.client_secret.reveal() == "hunter2"
    assert isinstance(found.static_config.static_config, SecretJson)
    assert found.static_config.static_config.reveal() == {"key": "hunter2"}
    assert "hunter2" not in printed(found)


def test_objects_are_not_copied_and_cannot_be_pickled(emulator: Emulator) -> None:
    secret, client = SecretText("hunter2"), ScalekitClient(*emulator.credentials)
    for value in (secret, client, client.organizations):
        assert copy.copy(value) is value
        assert copy.deepcopy([value])[0] is value
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps(value)
    assert copy.deepcopy(OidcConnectionConfig(client_secret=secret)).client_secret is secret
