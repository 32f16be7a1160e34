"""Blocking calls on the thread of an event loop."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
import trio
from scalekit_rs import AsyncScalekitClient, ScalekitClient, ScalekitError
from scalekit_rs._runtime import blocking

from support.emulator import Emulator

Client = Callable[..., ScalekitClient]


@pytest.fixture
def create(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Client:
    emulator.seed_organizations(25)
    monkeypatch.setattr(blocking, "_reported", set())
    return lambda **options: ScalekitClient(*emulator.credentials, **options)


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The warnings about blocking calls. The service may be slow, and retries are logged too."""
    messages = (record.getMessage() for record in caplog.records if record.levelno == logging.WARNING)
    return [message for message in messages if "blocks the event loop" in message]


CALLS: list[tuple[str, Callable[[ScalekitClient], Any]]] = [
    ("Organizations.get", lambda client: client.organizations.get("org_1")),
    ("ScalekitClient.jwks", lambda client: client.jwks()),
    ("OrganizationPager.next_page", lambda client: next(client.organizations.list_all())),
    ("OrganizationPager.next_page", lambda client: client.organizations.list_all().next_page()),
]


@pytest.mark.parametrize(("method", "call"), CALLS)
def test_blocking_call_on_event_loop_is_logged_with_place_and_twin(
    create: Client, caplog: pytest.LogCaptureFixture, method: str, call: Callable[[ScalekitClient], Any]
) -> None:
    client = create()

    async def main() -> None:
        call(client)

    asyncio.run(main())
    (warning,) = warnings(caplog)
    place, _, text = warning.partition(": ")
    assert re.fullmatch(rf"{re.escape(__file__)}:{call.__code__.co_firstlineno}", place)
    assert text == f"{method} blocks the event loop: use Async{method}, or call it with asyncio.to_thread"


def test_each_place_is_logged_once(create: Client, caplog: pytest.LogCaptureFixture) -> None:
    client = create()

    async def main() -> None:
        for _ in range(3):
            client.organizations.list(page_size=10)
        client.organizations.list(page_size=10)
        for _ in client.organizations.list_all(page_size=10):
            pass

    asyncio.run(main())
    assert len(warnings(caplog)) == 3


def test_blocking_call_on_trio_is_logged(create: Client, caplog: pytest.LogCaptureFixture) -> None:
    client = create()

    async def main() -> None:
        client.organizations.get("org_1")

    trio.run(main)
    (warning,) = warnings(caplog)
    assert warning.endswith("use AsyncOrganizations.get, or call it with trio.to_thread.run_sync")


def test_calls_outside_of_event_loops_are_not_logged(
    create: Client, emulator: Emulator, caplog: pytest.LogCaptureFixture
) -> None:
    client, other = create(strict_async=True), AsyncScalekitClient(*emulator.credentials)

    async def main() -> None:
        await asyncio.to_thread(client.organizations.get, "org_1")
        await other.organizations.get("org_1")

    asyncio.run(main())
    client.organizations.get("org_1")
    assert warnings(caplog) == []


@pytest.mark.parametrize(("method", "call"), CALLS)
@pytest.mark.parametrize("copy", [False, True])
def test_strict_client_rejects_blocking_calls_on_event_loops(
    create: Client, emulator: Emulator, method: str, call: Callable[[ScalekitClient], Any], copy: bool
) -> None:
    client = create(strict_async=True)
    client = client.with_options(timeout=5) if copy else client

    async def main() -> None:
        with pytest.raises(ScalekitError.BlockingInAsync, match=f"^{method} blocks the event loop"):
            call(client)

    asyncio.run(main())
    assert emulator.control("requests", method="GET")["requests"] == []


def test_strict_client_from_environment_rejects_calls(
    create: Client, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in emulator.environment.items():
        monkeypatch.setenv(name, value)

    async def main() -> None:
        from_env: Any = ScalekitClient.from_env
        for client in (ScalekitClient(strict_async=True), from_env(strict_async=True)):
            with pytest.raises(ScalekitError.BlockingInAsync):
                client.jwks()

    asyncio.run(main())
