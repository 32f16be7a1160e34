"""Arguments of operations: a record, a dictionary, or keywords; and what invalid ones are told."""

from __future__ import annotations

import asyncio
import datetime
import inspect
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, NamedTuple

import pytest
import scalekit_rs
from scalekit_rs import (
    CreateOrganization,
    ExpectedAudience,
    OrganizationFeature,
    ScalekitError,
)
from scalekit_rs._runtime import AsyncCall, BlockingCall, Function
from scalekit_rs._runtime import values as codecs
from scalekit_rs._runtime.clients import _Base
from scalekit_rs._runtime.objects import Object, Secret
from scalekit_rs._runtime.plans import plan_of
from scalekit_rs._runtime.records import Record, Request, ResponseCodec

from support.emulator import Emulator
from support.styles import Blocking

# Without type hints, as in a program that uses no type checker.
untyped: Any = scalekit_rs


class Operation(NamedTuple):
    """A method that takes a record, as `parameter` after the `leading` ones."""

    owner: type[Object]
    name: str
    leading: tuple[str, ...]
    parameter: str
    record: type[Record]

    def __str__(self) -> str:
        return f"{self.owner.__name__}.{self.name}"


def operations() -> Iterator[Operation]:
    for owner in (getattr(scalekit_rs, name) for name in scalekit_rs.__all__):
        if isinstance(owner, type) and issubclass(owner, Object):
            for name, method in inspect.getmembers(owner, inspect.isfunction):
                yield from operation(owner, name, method)


def operation(owner: type[Object], name: str, method: Any) -> Iterator[Operation]:
    parameters = [*inspect.signature(method).parameters.values()][1:]
    for at, parameter in enumerate(parameters):
        record = getattr(scalekit_rs, str(parameter.annotation).partition(" ")[0], None)
        if not name.startswith("_") and isinstance(record, type) and issubclass(record, Request):
            leading = tuple(leading.name for leading in parameters[:at])
            yield Operation(owner, name, leading, parameter.name, record)


OPERATIONS = list(operations())
WITH_RECORD = pytest.mark.parametrize("operation", OPERATIONS, ids=str)


def sample(of: Any, name: str) -> Any:
    """A value that differs from the default of a field."""
    if isinstance(of, codecs.Optional):
        return sample(of.inner, name)
    if isinstance(of, codecs.List):
        return [sample(of.inner, name)]
    if isinstance(of, codecs.Map):
        return {"key": sample(of.inner, name)}
    if isinstance(of, ResponseCodec):
        return of.cls(**{name: sample(field, name) for name, field in of.plan.fields})
    if isinstance(of, codecs.OpenEnumeration):
        return next(iter(of.cls))
    if isinstance(of, codecs.ClosedEnumeration):
        return list(of.cls)[-1]
    if isinstance(of, codecs.Instance):
        return of.cls(name) if issubclass(of.cls, Secret) else ExpectedAudience.unchecked()
    return SIMPLE[of.shape](name)


SIMPLE: dict[str, Callable[[str], Any]] = {
    "s": lambda name: f"text of {name}",
    "b": lambda name: True,
    "i": lambda name: 7,
    "l": lambda name: 8,
    "d": lambda name: 9.5,
    "t": lambda name: datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc),
    "j": lambda name: {"name": name},
}


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What methods pass to the library. Nothing is sent."""
    passed: list[bytes] = []

    def record(function: Any, owner: object, *values: object) -> Any:
        function._native or function._prepare()
        encoded = function._encode(values)
        # Secrets are objects, which differ between calls.
        passed.append(b"".join(bytes(value) for value in encoded if isinstance(value, bytearray)))
        return Result()

    async def record_async(*arguments: Any) -> Any:
        return record(*arguments)

    for kind in (Function, BlockingCall):
        monkeypatch.setattr(kind, "__call__", record)
    monkeypatch.setattr(AsyncCall, "__call__", record_async)
    return passed


class Result:
    """Stands for a page or a client."""

    def _continued_by(self, *arguments: object) -> Result:
        return self


def run(operation: Operation, *values: Any, **fields: Any) -> None:
    owner: Any = object.__new__(operation.owner)
    if issubclass(operation.owner, _Base):
        owner._about, owner._strict = (None, None), False
    result = getattr(owner, operation.name)(*["id_1" for _ in operation.leading], *values, **fields)
    if inspect.isawaitable(result):
        asyncio.run(as_coroutine(result))


async def as_coroutine(result: Awaitable[Any]) -> Any:
    return await result


@WITH_RECORD
def test_record_dict_and_keywords_are_equal(operation: Operation, sent: list[bytes]) -> None:
    plan = plan_of(operation.record)
    # `update_by_external_id` names the user by a parameter that has the name of a field.
    fields = {name: sample(of, name) for name, of in plan.fields if name not in operation.leading}
    by_wire_name = {plan.wire_name(name): value for name, value in fields.items()}
    run(operation, operation.record(**fields))
    run(operation, fields)
    run(operation, by_wire_name)
    run(operation, **fields)
    run(operation, **{operation.parameter: operation.record(**fields)})
    assert len(sent) == 5
    assert len(set(sent)) == 1
    for name, of in plan.fields:
        if name in operation.leading:
            continue
        text = of.inner if isinstance(of, codecs.Optional) else of
        assert text.shape != "s" or f"text of {name}".encode() in sent[0]


@WITH_RECORD
def test_documented_keywords_are_accepted(operation: Operation) -> None:
    docs = inspect.getdoc(getattr(operation.owner, operation.name)) or ""
    section = docs.partition("or its fields as keywords:\n")[2].partition("\n\n")[0]
    lines = [line for line in section.splitlines() if line.startswith("    ") and line[4] != " "]
    names = {line.strip().partition(":")[0] for line in lines}
    allowed = {*plan_of(operation.record).names, "timeout", "strict_async"}
    assert names
    assert names <= allowed - set(operation.leading)


def test_most_operations_with_bodies_are_tested() -> None:
    assert len(OPERATIONS) > 150
    assert {operation.owner.__name__ for operation in OPERATIONS} > {"AsyncUsers", "Organizations", "Login"}


def test_each_form_sends_the_same_body(style: Blocking, emulator: Emulator) -> None:
    fields: Any = {"display_name": "Acme", "metadata": {"seats": "5"}}
    for arguments, keywords in (((CreateOrganization(**fields),), {}), ((fields,), {}), ((), fields)):
        created = style.call(lambda client: client.organizations.create(*arguments, **keywords))  # noqa: B023
        assert created.display_name == "Acme"
    assert [request["body"] for request in emulator.requests("organizations.create")] == [fields] * 3


def test_keywords_follow_path_parameters(style: Blocking, emulator: Emulator) -> None:
    emulator.seed_organizations(1)
    updated = style.call(lambda client: client.organizations.update("org_1", display_name="Acme"))
    assert (updated.id, updated.display_name) == ("org_1", "Acme")
    page = style.call(lambda client: client.organizations.list(page_size=30))
    assert [organization.id for organization in page] == ["org_1"]
    assert emulator.requests("organizations.list")[0]["query"] == "page_size=30"


def test_field_may_have_the_name_of_the_record_parameter(style: Blocking, emulator: Emulator) -> None:
    emulator.seed_organizations(1)
    style.call(lambda client: client.domains.create("org_1", domain="acme.com"))
    (request,) = emulator.requests("domains.create")
    assert request["body"]["domain"] == "acme.com"


def test_nested_dictionary_becomes_a_record() -> None:
    user = untyped.CreateUser(email="ada@acme.example", user_profile={"given_name": "Ada"})
    assert type(user.user_profile) is scalekit_rs.CreateUserProfile
    assert user == untyped.CreateUser(
        email="ada@acme.example", user_profile=scalekit_rs.CreateUserProfile(given_name="Ada")
    )
    assert user.to_dict()["user_profile"]["given_name"] == "Ada"
    settings = untyped.OrganizationSettings(features=[{"name": "sso", "enabled": True}])
    assert type(settings.features[0]) is scalekit_rs.OrganizationFeatureSetting
    settings.features.append({"name": "dir_sync", "enabled": False})
    assert [feature["name"] for feature in settings.to_dict()["features"]] == ["sso", "dir_sync"]


def test_nested_dictionary_that_does_not_fit_is_kept_for_the_call() -> None:
    # The error of the call says where it is.
    details = {"oauth_token": {"tokens": "hunter2"}}
    account = untyped.ConnectedAccountInput(authorization_details=details)
    assert account.authorization_details.oauth_token is details["oauth_token"]
    assert "hunter2" not in repr(account)
    with pytest.raises(TypeError, match=r"^`authorization_details.oauth_token.tokens` is not a field of"):
        account.to_dict()


def test_text_is_accepted_for_enumerations(style: Blocking, emulator: Emulator) -> None:
    emulator.seed_organizations(1)
    for features in (["sso"], [OrganizationFeature.SSO]):
        style.call(lambda client: client.organizations.generate_portal_link("org_1", features))  # noqa: B023
    style.call(
        lambda client: client.organizations.update_settings(
            "org_1", features=[{"name": "sso", "enabled": True}]
        )
    )
    requests = emulator.requests("organizations.generate_portal_link")
    assert requests[0]["query"] == requests[1]["query"]
    assert "sso" in requests[0]["query"]
    assert style.call(lambda client: client.request("GET", "/keys")).status == 200


MISTAKES: list[tuple[Callable[[Any], Any], str]] = [
    (
        lambda c: c.organizations.create(display_nam="Acme"),
        "CreateOrganization has no field `display_nam`; did you mean `display_name`?",
    ),
    (
        lambda c: c.organizations.create({"display_nam": "Acme"}),
        "CreateOrganization has no field `display_nam`; did you mean `display_name`?",
    ),
    (lambda c: c.organizations.create(display_name=7), "`display_name` must be str, not int"),
    (
        lambda c: c.organizations.create(display_name="Acme", metadata={"seats": 5}),
        '`metadata["seats"]` must be str, not int',
    ),
    (
        lambda c: c.organizations.create(external_id="42"),
        "CreateOrganization requires `display_name`",
    ),
    (
        lambda c: c.organizations.create(),
        "missing `organization`: pass CreateOrganization(…), or its fields as keywords, "
        "such as `display_name=…`",
    ),
    (
        lambda c: c.organizations.create("Acme"),
        "`organization` must be CreateOrganization or dict, not str",
    ),
    (
        lambda c: c.organizations.create(CreateOrganization(display_name="Acme"), external_id="42"),
        "pass either `organization` or its fields as keywords, not both",
    ),
    (
        lambda c: c.organizations.generate_portal_link("org_1", ["sso", 7]),
        "`features[1]` must be OrganizationFeature or str, not int",
    ),
    (
        lambda c: c.organizations.generate_portal_link("org_1", "sso"),
        "`features` must be list, not str: pass a list of one element",
    ),
    (
        lambda c: c.organizations.update_settings("org_1", features=[{"name": "sso", "enabled": "yes"}]),
        "`features[0].enabled` must be bool, not str",
    ),
    (
        lambda c: c.organizations.update_settings("org_1", features=[{"nam": "sso", "enabled": True}]),
        "`features[0].nam` is not a field of OrganizationFeatureSetting; did you mean `name`?",
    ),
    (
        lambda c: c.organizations.generate_portal_link("org_1", [scalekit_rs.RegionCode.US]),
        "`features[0]` must be OrganizationFeature or str, not RegionCode",
    ),
    (lambda c: c.with_options(timeot=5), "CallOptions has no field `timeot`; did you mean `timeout`?"),
]


@pytest.mark.parametrize(("call", "message"), MISTAKES, ids=[message for _, message in MISTAKES])
def test_mistake_is_explained(
    style: Blocking, emulator: Emulator, call: Callable[[Any], Any], message: str
) -> None:
    with pytest.raises(TypeError) as caught:
        style.call(call)
    assert str(caught.value) == message
    assert emulator.control("requests", method="GET")["requests"] == []


def test_unknown_member_of_fixed_enumeration_is_rejected(style: Blocking) -> None:
    with pytest.raises(ScalekitError.InvalidArgument, match=r'^`method` must be one of "GET", "POST"'):
        style.call(lambda client: client.request("FETCH", "/keys"))


def test_secret_as_text_is_redacted() -> None:
    machine = untyped.MachineClient(client_id="m2m_1", client_secret="hunter2")
    assert "hunter2" not in repr(machine)
