"""Pagers: lazy, iterable with `for` and `async for`, and resumable after a `break` or an error."""

from __future__ import annotations

import pytest
from scalekit_rs import ClientOptions, RetryOptions, ScalekitError

from support.emulator import Emulator
from support.styles import Blocking


def pages_fetched(emulator: Emulator) -> int:
    return len(emulator.requests("organizations.list"))


def test_pager_fetches_pages_lazily(style: Blocking, emulator: Emulator) -> None:
    emulator.seed_organizations(25)
    pager = style.client.organizations.list_all()
    assert pages_fetched(emulator) == 0
    assert len(style.take(pager, 10)) == 10
    assert pages_fetched(emulator) == 1
    assert len(style.take(pager, 1)) == 1
    assert pages_fetched(emulator) == 2


def test_pager_continues_after_break(style: Blocking, emulator: Emulator) -> None:
    emulator.seed_organizations(25)
    pager = style.client.organizations.list_all()
    names = [item.display_name for _ in range(9) for item in style.take(pager, 3)]
    assert sorted(names) == sorted(f"n{n}" for n in range(1, 26))
    assert pages_fetched(emulator) == 3
    assert style.take(pager) == []
    assert pages_fetched(emulator) == 3


def test_pager_continues_after_error(style_class: type[Blocking], emulator: Emulator) -> None:
    emulator.seed_organizations(25)
    style = style_class(emulator.credentials, ClientOptions(retry=RetryOptions(max_retries=0)))
    emulator.fault("organizations.list", "status", status=503, after=1)
    pager = style.client.organizations.list_all()
    first = style.take(pager, 10)
    with pytest.raises(ScalekitError.Service) as caught:
        style.take(pager)
    assert caught.value.__context__ is None
    assert len({item.id for item in [*first, *style.take(pager)]}) == 25


def test_next_page_returns_pages_then_none(style: Blocking, emulator: Emulator) -> None:
    emulator.seed_organizations(11)
    pager = style.client.organizations.list_all()
    pages = [style.wait(pager.next_page()) for _ in range(4)]
    assert [page and len(page) for page in pages] == [10, 1, None, None]
    assert pages_fetched(emulator) == 2


def test_pager_is_an_iterator(emulator: Emulator) -> None:
    emulator.seed_organizations(3)
    pager = Blocking(emulator.credentials).client.organizations.list_all()
    assert next(pager).id.startswith("org_")
    assert len(list(pager)) == 2
    with pytest.raises(StopIteration):
        next(pager)
