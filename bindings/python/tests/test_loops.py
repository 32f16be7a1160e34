"""Async clients on trio, and on anyio with each of its backends."""

from __future__ import annotations

import gc
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from scalekit_rs import AsyncScalekitClient, ScalekitError

from support.emulator import Emulator

try:
    import anyio
    import trio
except ImportError as error:
    pytest.skip(f"!!!!! NOT RUN: {error}", allow_module_level=True)

BACKENDS = ["asyncio", "trio"]


@pytest.fixture
def client(emulator: Emulator) -> AsyncScalekitClient:
    emulator.seed_organizations(1)
    return AsyncScalekitClient(*emulator.credentials)


@pytest.fixture(params=BACKENDS)
def run(request: pytest.FixtureRequest) -> Callable[[Callable[[], Awaitable[Any]]], Any]:
    """Runs a function on anyio with one of its backends."""
    return lambda main: anyio.run(main, backend=request.param)


async def arrived(emulator: Emulator, operation: str, count: int, aborted: int = 0) -> None:
    await anyio.to_thread.run_sync(emulator.wait, operation, count, aborted)


def test_trio_needs_no_anyio(client: AsyncScalekitClient) -> None:
    async def main() -> list[str]:
        first = (await client.organizations.get("org_1")).id
        return [first, *[organization.id async for organization in client.organizations.list_all()]]

    for _ in range(2):
        assert trio.run(main) == ["org_1", "org_1"]


def test_calls_in_task_group_run_concurrently(
    run: Callable[[Any], Any], client: AsyncScalekitClient, emulator: Emulator
) -> None:
    emulator.fault("organizations.get", "delay", ms=1500, count=50)
    found: list[str] = []

    async def get() -> None:
        found.append((await client.organizations.get("org_1")).id)

    async def main() -> None:
        await client.jwks()
        async with anyio.create_task_group() as group:
            for _ in range(50):
                group.start_soon(get)
            # All of them are waiting before the first one is done.
            await arrived(emulator, "organizations.get", 50)
            assert found == []

    run(main)
    assert found == ["org_1"] * 50


def test_cancelled_scope_closes_request(
    run: Callable[[Any], Any], client: AsyncScalekitClient, emulator: Emulator
) -> None:
    emulator.fault("organizations.list", "delay", forever=True)

    async def main() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(client.organizations.list)
            await arrived(emulator, "organizations.list", 1)
            group.cancel_scope.cancel()
        await arrived(emulator, "organizations.list", 1, aborted=1)
        assert (await client.organizations.get("org_1")).id == "org_1"

    run(main)


def test_timeout_of_loop_closes_request(
    run: Callable[[Any], Any], client: AsyncScalekitClient, emulator: Emulator
) -> None:
    emulator.fault("organizations.list", "delay", forever=True)

    async def main() -> None:
        await client.jwks()
        with pytest.raises(TimeoutError), anyio.fail_after(0.5):
            await client.organizations.list()
        await arrived(emulator, "organizations.list", 1, aborted=1)

    run(main)


def test_failed_task_cancels_calls_of_its_group(
    run: Callable[[Any], Any], client: AsyncScalekitClient, emulator: Emulator
) -> None:
    emulator.fault("organizations.list", "delay", forever=True, count=2)

    async def fail() -> None:
        await arrived(emulator, "organizations.list", 2)
        await client.organizations.get("org_2")

    async def run_group() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(client.organizations.list)
            group.start_soon(client.organizations.list)
            group.start_soon(fail)

    async def main() -> None:
        # A group of exceptions. Python 3.10 has none of its own.
        with pytest.raises(
            Exception, match=r"unhandled errors in a TaskGroup|Exceptions from Trio"
        ) as caught:
            await run_group()
        (error,) = caught.value.exceptions  # type: ignore[attr-defined]
        assert isinstance(error, ScalekitError.NotFound)
        await arrived(emulator, "organizations.list", 2, aborted=2)

    run(main)


def test_timeout_of_client_is_an_error(
    run: Callable[[Any], Any], client: AsyncScalekitClient, emulator: Emulator
) -> None:
    emulator.fault("organizations.list", "delay", forever=True)

    async def main() -> None:
        with pytest.raises(ScalekitError.Timeout):
            await client.with_options(timeout=0.5).organizations.list()

    run(main)


def test_pages_are_iterated(
    run: Callable[[Any], Any], client: AsyncScalekitClient, emulator: Emulator
) -> None:
    emulator.reset()
    emulator.seed_organizations(25)

    async def main() -> None:
        page = await client.organizations.list(page_size=10)
        assert len(page) == 10
        assert len({organization.id async for organization in page.auto_paging_iter_async()}) == 25
        async with AsyncScalekitClient(*emulator.credentials) as opened:
            assert len([organization async for organization in opened.organizations.list_all()]) == 25

    run(main)


def test_client_moves_between_loops(client: AsyncScalekitClient) -> None:
    async def main() -> str:
        return (await client.organizations.get("org_1")).id

    for backend in BACKENDS * 3:
        assert anyio.run(main, backend=backend) == "org_1"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_ended_loops_leave_no_files_open(client: AsyncScalekitClient) -> None:
    async def main() -> None:
        await client.organizations.get("org_1")

    def files() -> int:
        gc.collect()
        return len(list(descriptors.iterdir()))

    descriptors = Path("/proc/self/fd")
    for backend in BACKENDS:
        anyio.run(main, backend=backend)
    before = files()
    for backend in BACKENDS * 10:
        anyio.run(main, backend=backend)
    assert files() <= before + 2


def test_call_without_loop_is_an_error(client: AsyncScalekitClient) -> None:
    with pytest.raises(RuntimeError, match="no running event loop: await calls of an async client on"):
        client.organizations.get("org_1").send(None)
