"""asyncio: cancellation, event loops, and concurrent calls."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

import pytest
from scalekit_rs import AsyncScalekitClient, ScalekitError

from support.emulator import Emulator


@pytest.fixture
def client(emulator: Emulator) -> AsyncScalekitClient:
    return AsyncScalekitClient(*emulator.credentials)


async def requests_arrived(emulator: Emulator, operation: str, count: int, aborted: int = 0) -> None:
    await asyncio.to_thread(emulator.wait, operation, count, aborted)


def test_cancelled_call_closes_its_request(client: AsyncScalekitClient, emulator: Emulator) -> None:
    emulator.seed_organizations(1)
    emulator.fault("organizations.list", "delay", forever=True)

    async def main() -> None:
        task = asyncio.create_task(client.organizations.list())
        await requests_arrived(emulator, "organizations.list", 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await requests_arrived(emulator, "organizations.list", 1, aborted=1)
        assert (await client.organizations.get("org_1")).id == "org_1"

    asyncio.run(main())


def test_asyncio_timeout_closes_request(client: AsyncScalekitClient, emulator: Emulator) -> None:
    emulator.fault("organizations.list", "delay", forever=True)

    async def main() -> None:
        await client.jwks()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(client.organizations.list(), 0.5)
        await requests_arrived(emulator, "organizations.list", 1, aborted=1)

    asyncio.run(main())


def test_token_request_survives_cancelled_call(client: AsyncScalekitClient, emulator: Emulator) -> None:
    emulator.seed_organizations(1)
    emulator.fault("oauth.token", "delay", ms=1000)

    async def main() -> None:
        leader = asyncio.create_task(client.organizations.list())
        await requests_arrived(emulator, "oauth.token", 1)
        follower = asyncio.create_task(client.organizations.get("org_1"))
        await asyncio.sleep(0)
        leader.cancel()
        assert (await follower).id == "org_1"
        assert leader.cancelled()

    asyncio.run(main())
    assert len(emulator.requests("oauth.token")) == 1
    assert emulator.requests("organizations.list") == []


def test_concurrent_first_calls_fetch_one_token(client: AsyncScalekitClient, emulator: Emulator) -> None:
    async def main() -> None:
        await asyncio.gather(*(client.organizations.list() for _ in range(100)))

    asyncio.run(main())
    assert len(emulator.requests("organizations.list")) == 100
    assert len(emulator.requests("oauth.token")) == 1


def test_two_calls_run_concurrently(client: AsyncScalekitClient, emulator: Emulator) -> None:
    emulator.fault("organizations.list", "delay", forever=True, count=2)

    async def main() -> None:
        tasks = [asyncio.create_task(client.organizations.list()) for _ in range(2)]
        await requests_arrived(emulator, "organizations.list", 2)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(main())


def run_in_thread(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Runs a coroutine on a new event loop in a new thread."""
    results: list[Any] = []

    def main() -> None:
        loop = asyncio.new_event_loop()
        results.append(loop.run_until_complete(coroutine))
        loop.close()

    thread = threading.Thread(target=main)
    thread.start()
    thread.join()
    return results.pop()


def test_client_works_on_event_loops_of_any_thread(client: AsyncScalekitClient, emulator: Emulator) -> None:
    emulator.seed_organizations(1)

    async def main() -> str:
        return (await client.organizations.get("org_1")).id

    assert run_in_thread(main()) == "org_1"
    assert asyncio.run(main()) == "org_1"
    assert run_in_thread(main()) == "org_1"


def test_event_loop_closed_during_call_causes_no_warning(
    client: AsyncScalekitClient, emulator: Emulator
) -> None:
    emulator.fault("organizations.list", "delay", forever=True)
    loop = asyncio.new_event_loop()
    call = client.organizations.list()
    # Runs the coroutine up to its first suspension, as a task does.
    asyncio._set_running_loop(loop)
    pending = call.send(None)
    asyncio._set_running_loop(None)
    emulator.wait("organizations.list", 1)
    loop.close()
    # The response arrives when the loop is closed, and must be dropped silently: a warning fails this test.
    emulator.reset()
    emulator.fault("organizations.list", "delay", forever=True)
    assert not pending.done()
    call.close()


def test_invalid_argument_is_rejected_when_call_is_awaited(client: AsyncScalekitClient) -> None:
    async def main() -> None:
        with pytest.raises(ScalekitError.InvalidArgument, match="`id` must not be empty"):
            await client.organizations.get("")

    asyncio.run(main())
