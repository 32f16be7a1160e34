"""`scalekit_rs.testing`, as programs use it in their own tests."""

from __future__ import annotations

import asyncio
import datetime
from typing import Any

import pytest
import scalekit_rs
from scalekit_rs import (
    AsyncScalekitClient,
    AuthLogPage,
    ExpectedAudience,
    Organization,
    OrganizationPage,
    PublicScalekitClient,
    ScalekitClient,
    ScalekitError,
)
from scalekit_rs._runtime import Page
from scalekit_rs.testing import (
    access_token_claims,
    fake_client,
    id_token_claims,
    machine_token_claims,
    page_of,
    pager_of,
)

ACME = Organization(id="org_1", display_name="Acme")
OTHER = Organization(id="org_2", display_name="Other")


def names(client: ScalekitClient) -> list[str]:
    """A function of a program."""
    with client as opened:
        return [organization.display_name for organization in opened.organizations.list(page_size=30)]


async def names_async(client: AsyncScalekitClient) -> list[str]:
    async with client as opened:
        page = await opened.organizations.list(page_size=30)
        return [organization.display_name async for organization in page.auto_paging_iter_async()]


def test_page_has_items_and_further_fields() -> None:
    page = page_of(OrganizationPage, (ACME, OTHER), next_page_token="2", total_size=7)
    assert isinstance(page, OrganizationPage)
    assert page.organizations == list(page) == list(page.auto_paging_iter()) == [ACME, OTHER]
    assert (page.next_page_token, page.total_size, len(page)) == ("2", 7, 2)
    assert len(page_of(AuthLogPage, [])) == 0
    with pytest.raises(TypeError, match=r"did you mean `next_page_token`\?"):
        page_of(OrganizationPage, [], next_page_tokn="2")


def test_every_page_can_be_made() -> None:
    kinds = [getattr(scalekit_rs, name) for name in scalekit_rs.__all__ if name.endswith("Page")]
    assert len(kinds) > 10
    for kind in kinds:
        assert issubclass(kind, Page)
        assert list(page_of(kind, [])) == []


def test_pager_is_iterated_by_blocking_and_async_programs() -> None:
    async def main() -> list[str]:
        return [organization.id async for organization in pager_of([ACME, OTHER])]

    assert [organization.id for organization in pager_of([ACME, OTHER])] == ["org_1", "org_2"]
    assert asyncio.run(main()) == ["org_1", "org_2"]
    pager = pager_of([ACME, OTHER, ACME], page_size=2)
    assert [pager.next_page(), pager.next_page(), pager.next_page()] == [[ACME, OTHER], [ACME], None]


def test_claims_have_defaults() -> None:
    access = access_token_claims(permissions=["invoices:read"])
    assert (access.subject, access.organization_id) == ("usr_1", "org_1")
    assert access.expires_at
    assert access.expires_at > datetime.datetime.now(datetime.timezone.utc)
    assert access.permissions == access.payload["permissions"] == ["invoices:read"]
    assert access.payload["sub"] == "usr_1"
    assert access.payload["exp"] == access.expires_at.timestamp()
    assert id_token_claims(email="ada@example.com").payload["email"] == "ada@example.com"
    assert machine_token_claims(client_id="m2m_2").payload["sub"] == "m2m_2"
    assert access_token_claims(payload={"x": 1}).payload == {"x": 1}
    with pytest.raises(TypeError, match="has no field `permision`"):
        access_token_claims(permision=[])


def test_fake_client_returns_what_a_test_sets() -> None:
    client = fake_client()
    # A variable, because type checkers would take the mock for a client afterwards.
    is_client: bool = isinstance(client, ScalekitClient)
    assert is_client
    client.organizations.list.return_value = page_of(OrganizationPage, [ACME])
    assert names(client) == ["Acme"]
    client.organizations.list.assert_called_once_with(page_size=30)
    client.organizations.get.side_effect = ScalekitError.NotFound("org_1 is missing", status=404)
    with pytest.raises(ScalekitError.NotFound):
        client.with_options(timeout=5).organizations.get("org_1")
    client.organizations.list_all.return_value = pager_of([ACME, OTHER])
    assert list(client.organizations.list_all()) == [ACME, OTHER]
    client.tokens.validate.return_value = access_token_claims()
    assert client.tokens.validate("token", audience=ExpectedAudience.unchecked()).subject == "usr_1"


def test_fake_async_client_is_awaited() -> None:
    client = fake_client(AsyncScalekitClient)
    is_client: bool = isinstance(client, AsyncScalekitClient)
    assert is_client
    client.organizations.list.return_value = page_of(OrganizationPage, [ACME])
    assert asyncio.run(names_async(client)) == ["Acme"]
    client.organizations.list.assert_awaited_once_with(page_size=30)


@pytest.mark.parametrize("kind", [ScalekitClient, AsyncScalekitClient, PublicScalekitClient])
def test_fake_client_rejects_what_the_real_one_rejects(kind: type[Any]) -> None:
    client = fake_client(kind)
    with pytest.raises(AttributeError):
        client.organisations  # noqa: B018
    with pytest.raises(TypeError):
        client.close("now")
    with pytest.raises(AttributeError):
        client.login.strat()
    if kind is ScalekitClient:
        with pytest.raises(TypeError, match=r"did you mean `display_name`\?"):
            client.organizations.create(display_nam="Acme")
        with pytest.raises(TypeError):
            client.organizations.get()
    if kind is AsyncScalekitClient:
        with pytest.raises(TypeError, match=r"did you mean `display_name`\?"):
            asyncio.run(client.organizations.create(display_nam="Acme"))


def test_mocks_of_the_standard_library_suffice() -> None:
    from unittest.mock import create_autospec

    client = create_autospec(ScalekitClient, instance=True)
    client.organizations.get.return_value = ACME
    assert client.organizations.get("org_1") is ACME
