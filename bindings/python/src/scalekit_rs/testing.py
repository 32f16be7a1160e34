"""Values for the tests of programs that use this package. Nothing here sends requests.

    from scalekit_rs import Organization, OrganizationPage, ScalekitError
    from scalekit_rs.testing import fake_client, page_of

    client = fake_client()
    client.organizations.get.return_value = Organization(id="org_1", display_name="Acme")
    client.organizations.list.return_value = page_of(OrganizationPage, [Organization(id="org_1")])
    client.users.get.side_effect = ScalekitError.NotFound("usr_1 is missing", status=404)

    assert names(client) == ["Acme"]  # your function
    client.organizations.get.assert_called_once_with("org_1")

Responses are created with keywords, of which each has a default; errors with a text. `WebhookSigner` signs
webhooks for tests of an endpoint.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any, Generic, TypeVar
from unittest import mock

from . import AccessTokenClaims, IdTokenClaims, MachineTokenClaims, ScalekitClient
from ._runtime import Page, Request, public, request_of

__all__ = [
    "FakePager",
    "access_token_claims",
    "fake_client",
    "id_token_claims",
    "machine_token_claims",
    "page_of",
    "pager_of",
]

P = TypeVar("P", bound=Page)
T = TypeVar("T")
C = TypeVar("C", AccessTokenClaims, IdTokenClaims, MachineTokenClaims)


def page_of(kind: type[P], items: Iterable[Any], **fields: Any) -> P:
    """Returns a page with these items.

    Other fields of the page are keywords: `page_of(OrganizationPage, organizations, next_page_token="2")`.
    Its `auto_paging_iter` ends with the items of this page.
    """
    return kind(**{kind._items: list(items), **fields})


def pager_of(items: Iterable[T], page_size: int = 10) -> FakePager[T]:
    """Returns a pager over these items, for `for` and `async for`, as a result of `list_all`."""
    return FakePager(items, page_size)


class FakePager(Generic[T]):
    """A pager that sends nothing.

    `next_page` returns pages of `page_size` items, and `None` after the last one.
    """

    def __init__(self, items: Iterable[T], page_size: int = 10) -> None:
        self._items, self._page_size = list(items), page_size

    def next_page(self) -> list[T] | None:
        page, self._items = self._items[: self._page_size], self._items[self._page_size :]
        return page or None

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        if not self._items:
            raise StopIteration
        return self._items.pop(0)

    def __aiter__(self) -> AsyncIterator[T]:
        return self

    async def __anext__(self) -> T:
        if not self._items:
            raise StopAsyncIteration
        return self._items.pop(0)


def access_token_claims(**claims: Any) -> AccessTokenClaims:
    """Returns claims of an access token, as `tokens.validate` does: of user `usr_1`, valid for an hour.

    Other claims are keywords: `access_token_claims(subject="usr_2", permissions=["invoices:read"])`.
    """
    return _claims(AccessTokenClaims, {"subject": "usr_1", "client_id": "skc_1", **claims})


def id_token_claims(**claims: Any) -> IdTokenClaims:
    """Returns claims of an ID token, as a login does: of user `usr_1`, valid for an hour from now.

    Other claims are keywords: `id_token_claims(email="ada@example.com", email_verified=True)`.
    """
    return _claims(IdTokenClaims, {"subject": "usr_1", **claims})


def machine_token_claims(**claims: Any) -> MachineTokenClaims:
    """Returns claims of a machine token, as `tokens.validate_machine` does: of `m2m_1`, valid for an hour.

    Other claims are keywords: `machine_token_claims(scopes=["invoices:read"])`.
    """
    return _claims(MachineTokenClaims, {"client_id": "m2m_1", **claims})


def _claims(kind: type[C], claims: dict[str, Any]) -> C:
    now = datetime.now(timezone.utc).replace(microsecond=0)
    defaults = {
        "issuer": "https://example.scalekit.com",
        "audience": ["skc_1"],
        "issued_at": now,
        "expires_at": now + timedelta(hours=1),
        "organization_id": "org_1",
    }
    made = kind(**{**defaults, **claims})
    if "payload" in claims:
        return made
    payload = {name: _in_token(value) for name, value in made.to_dict().items() if name != "payload"}
    return kind(**{**defaults, **claims, "payload": payload})


def _in_token(value: Any) -> Any:
    """A claim as in a token, where timestamps are numbers."""
    try:
        return int(datetime.fromisoformat(value.replace("Z", "+00:00")).timestamp())
    except (AttributeError, ValueError):
        return value


def fake_client(kind: type[Any] = ScalekitClient) -> Any:
    """Returns a client made of mocks: `create_autospec` for the client and each of its resources.

    Methods accept what the real ones accept and raise the same `TypeError` for misspelled fields. Those of
    `fake_client(AsyncScalekitClient)` are awaited. Set `return_value` or `side_effect` of the methods that
    your program calls. `isinstance` takes the result for a real client, and `with` enters it.
    """
    fake = _fake(kind)
    for name, member in inspect.getmembers(kind, lambda member: isinstance(member, property)):
        setattr(fake, name, _fake(public(member.fget.__annotations__["return"])))
    enter = fake.__aenter__ if hasattr(kind, "__aenter__") else fake.__enter__
    enter.return_value = fake
    fake.with_options.side_effect = None
    fake.with_options.return_value = fake
    return fake


def _fake(kind: type[Any]) -> Any:
    fake = mock.create_autospec(kind, instance=True)
    for name, method in inspect.getmembers(kind, inspect.isfunction):
        if not name.startswith("_"):
            _check_arguments(getattr(fake, name), method)
    return fake


def _check_arguments(fake: Any, method: Any) -> None:
    """Makes a mock reject what the method rejects of its record. Its result is still `return_value`."""
    signature = inspect.signature(method)
    for parameter in signature.parameters.values():
        record = _record(parameter)
        if record is not None:

            def check(*values: Any, name: str = parameter.name, kind: Any = record, **fields: Any) -> Any:
                given = signature.bind(None, *values, **fields).arguments
                request_of(kind, name, given.get(name), given.get("fields", {}), absent=True)
                return mock.DEFAULT

            fake.side_effect = check


def _record(parameter: inspect.Parameter) -> type[Request] | None:
    name, _, rest = str(parameter.annotation).partition(" | ")
    return public(name) if rest.startswith("Mapping[str, Any]") else None
