"""What a new user tries first: the environment, options by keyword, pages, errors, `help` and `repr`."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import pydoc
import re
from typing import Any

import pytest
import scalekit_rs
from scalekit_rs import (
    AsyncScalekitClient,
    CreateOrganization,
    Organization,
    OrganizationPage,
    ScalekitClient,
    ScalekitError,
)
from scalekit_rs._names import MODULES
from scalekit_rs._runtime.plans import plan_of
from scalekit_rs._runtime.records import Record

from support.emulator import Emulator
from support.styles import Blocking

CLIENTS = pytest.mark.parametrize("kind", [ScalekitClient, AsyncScalekitClient])


@pytest.fixture
def environment(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Emulator:
    """The credentials of the emulator, in environment variables."""
    for name, value in emulator.environment.items():
        monkeypatch.setenv(name, value)
    return emulator


def test_client_without_arguments_reads_environment(environment: Emulator, style: Blocking) -> None:
    for client in (style.client_class(), style.client_class.from_env()):
        style.wait(client.organizations.list())
        assert repr(client) == repr(style.client)
    assert len(environment.requests("organizations.list")) == 2


@CLIENTS
def test_missing_variable_is_named(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SCALEKIT_ENVIRONMENT_URL", "SCALEKIT_CLIENT_ID", "SCALEKIT_CLIENT_SECRET"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ScalekitError.InvalidArgument, match=r"^`SCALEKIT_ENVIRONMENT_URL` is not set"):
        kind()


@CLIENTS
def test_one_argument_may_be_given_and_others_read(kind: Any, environment: Emulator) -> None:
    assert "client_id='skc_2'" in repr(kind(client_id="skc_2"))
    assert f"environment_url={environment.url!r}" in repr(kind(client_id="skc_2"))


def test_timeout_is_an_option_of_client_and_copy(
    style_class: type[Blocking], environment: Emulator, style: Blocking
) -> None:
    environment.fault("organizations.list", "delay", forever=True, count=4)
    kind = style_class.client_class
    clients = [
        kind(timeout=0.3),
        kind.from_env(timeout=0.3),
        kind(*environment.credentials, timeout=0.3),
        kind().with_options(timeout=0.3),
    ]
    for client in clients:
        with pytest.raises(ScalekitError.Timeout):
            style.wait(client.organizations.list())
    with pytest.raises(ScalekitError.InvalidArgument, match=r"^`timeout_seconds` must be greater than 0"):
        kind(timeout=0)


def test_page_is_iterable_and_continues(style: Blocking, emulator: Emulator) -> None:
    emulator.seed_organizations(25)
    page = style.call(lambda client: client.organizations.list(page_size=10))
    assert isinstance(page, OrganizationPage)
    assert [organization.id for organization in page] == [f"org_{n}" for n in range(1, 11)]
    assert (len(page), page.organizations[0]) == (10, next(iter(page)))
    asynchronous = isinstance(style.client, AsyncScalekitClient)
    for _ in range(2):
        items = page.auto_paging_iter_async() if asynchronous else page.auto_paging_iter()
        assert len({organization.id for organization in style.take(items)}) == 25


def test_following_pages_are_fetched_when_reached(style: Blocking, emulator: Emulator) -> None:
    emulator.seed_organizations(25)
    page = style.call(lambda client: client.organizations.list(page_size=10))
    asynchronous = isinstance(style.client, AsyncScalekitClient)
    items = page.auto_paging_iter_async() if asynchronous else page.auto_paging_iter()
    assert len(style.take(items, limit=10)) == 10
    assert len(emulator.requests("organizations.list")) == 1


def test_wrong_iteration_of_page_is_an_error(style: Blocking, emulator: Emulator) -> None:
    emulator.seed_organizations(25)
    page = style.call(lambda client: client.organizations.list(page_size=10))
    if isinstance(style.client, AsyncScalekitClient):
        with pytest.raises(TypeError, match=r"write `async for … in page\.auto_paging_iter_async"):
            list(page.auto_paging_iter())
    else:
        with pytest.raises(TypeError, match=r"write `for … in page\.auto_paging_iter"):
            asyncio.run(page.auto_paging_iter_async().__anext__())


def test_page_of_operation_with_page_numbers_continues(style: Blocking, emulator: Emulator) -> None:
    assert "next_page_token" not in plan_of(scalekit_rs.DomainPage).names
    emulator.seed_organizations(1)
    for n in range(12):
        style.call(lambda client: client.domains.create("org_1", domain=f"acme{n}.com"))  # noqa: B023
    page = style.call(lambda client: client.domains.list("org_1", page_size=10))
    asynchronous = isinstance(style.client, AsyncScalekitClient)
    items = page.auto_paging_iter_async() if asynchronous else page.auto_paging_iter()
    assert len({domain.id for domain in style.take(items)}) == 12


def test_error_has_details(style: Blocking) -> None:
    with pytest.raises(ScalekitError.NotFound) as caught:
        style.call(lambda client: client.organizations.get("org_1"))
    error = caught.value
    assert (error.status, error.code, error.operation) == (404, "NOT_FOUND", "organizations.get")
    assert error.request_id
    assert error.request_id in str(error)


def test_package_has_version() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", scalekit_rs.__version__)


def test_help_shows_texts_of_all_fields() -> None:
    records = [getattr(scalekit_rs, name) for name in scalekit_rs.__all__]
    records = [kind for kind in records if isinstance(kind, type) and issubclass(kind, Record)]
    assert len(records) > 100
    for kind in records:
        # `?` of IPython shows the docstring.
        doc = inspect.getdoc(kind) or ""
        for name in plan_of(kind).names:
            assert re.search(rf"^    {name}: \S", doc, re.MULTILINE), f"{kind.__name__}.{name}"
    for kind in (Organization, CreateOrganization):
        assert "display_name: Display name." in pydoc.plain(pydoc.render_doc(kind))


def test_docstrings_do_not_mention_other_languages() -> None:
    for module in {f"scalekit_rs.{module}" for module in MODULES.values()}:
        for name, member in inspect.getmembers(importlib.import_module(module)):
            members = [member, *vars(member).values()] if inspect.isclass(member) else [member]
            for each in members:
                doc = getattr(each, "__doc__", None) or ""
                if (getattr(each, "__module__", None) or module).startswith("scalekit_rs"):
                    assert not re.search(r"\b(Rust|UniFFI|Kotlin|Swift)\b", doc), f"{module}.{name}: {doc}"


def test_reprs_are_those_of_python(style: Blocking) -> None:
    client = style.client
    assert re.fullmatch(
        r"(Async)?ScalekitClient\(environment_url='http://127[^']*', client_id='skc_\d+'\)", repr(client)
    )
    assert repr(client.organizations) == f"<scalekit_rs.{type(client.organizations).__name__}>"
    assert repr(client.organizations.list_all()).startswith("<scalekit_rs.")
    assert repr(Organization(id="org_1")).startswith("Organization(id='org_1'")
    started = client.login.start(redirect_uri="http://localhost/")
    assert repr(started.transaction).startswith("<scalekit_rs.LoginTransaction")
