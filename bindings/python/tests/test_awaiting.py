"""Awaited calls on asyncio: the pipe by which the library announces what is done."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import os
import sys
import threading
from typing import Any

import pytest
from scalekit_rs import AsyncScalekitClient, ScalekitError
from scalekit_rs._runtime.awaiting import AsyncioWaiter, current_waiter

from support.emulator import Emulator

# UniFFI's type of the function that the library calls when a call can go on.
CALLBACK = ctypes.CFUNCTYPE(None, ctypes.c_uint64, ctypes.c_int8)


async def waiter() -> AsyncioWaiter:
    found = current_waiter()
    assert isinstance(found, AsyncioWaiter)
    return found


def announce(waiter: AsyncioWaiter, numbers: list[int], code: int) -> None:
    """Announces results from another thread, while this one is busy."""
    complete = CALLBACK(waiter.completions.callback)
    thread = threading.Thread(
        target=lambda: [complete(waiter.completions.tag | number, code) for number in numbers]
    )
    thread.start()
    thread.join()


def poll_nothing(*arguments: Any) -> None:
    """Stands for the poll of a call that is not done."""


@pytest.mark.parametrize("count", [50, 5000])
def test_simultaneous_results_wake_loop_once(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[int] = []
    read = os.read

    def record_read(fd: int, length: int) -> bytes:
        data = read(fd, length)
        reads.append(len(data))
        return data

    async def main() -> None:
        found, loop = await waiter(), asyncio.get_running_loop()
        futures = [loop.create_future() for _ in range(count)]
        for future in futures:
            assert found.poll(poll_nothing, 0, future.set_result) is None
        numbers = list(found.pending)
        monkeypatch.setattr(os, "read", record_read)
        announce(found, numbers, 1)
        assert await asyncio.wait_for(asyncio.gather(*futures), 60) == [1] * count
        assert not found.pending

    asyncio.run(main())
    # A pipe has room for 4096 results at most. The library keeps the others until there is room again.
    assert len(reads) == (1 if count == 50 else 2)
    assert sum(reads) == 16 * count


def test_result_during_poll_goes_to_its_own_call() -> None:
    async def main() -> None:
        found = await waiter()
        complete = CALLBACK(found.completions.callback)
        delivered: list[int] = []
        assert found.poll(poll_nothing, 0, delivered.append) is None
        (other,) = found.pending

        def poll(handle: int, callback: int, data: int) -> None:
            # While this call is being polled, the library continues another one on the same thread.
            complete(found.completions.tag | other, 1)
            complete(data, 0)

        assert found.poll(poll, 0, lambda code: pytest.fail("delivered twice")) == 0
        assert list(found.pending) == [other]
        found.deliver()
        assert (delivered, found.pending) == ([1], {})

    asyncio.run(main())


def test_late_result_of_another_loop_is_ignored() -> None:
    async def main() -> AsyncioWaiter:
        found = await waiter()
        assert found.poll(poll_nothing, 0, lambda code: pytest.fail("delivered")) is None
        return found

    first = asyncio.run(main())
    tag, callback = first.completions.tag, first.completions.callback
    (number,) = first.pending
    del first

    async def second() -> None:
        found = await waiter()
        gc.collect()
        delivered: list[int] = []
        assert found.poll(poll_nothing, 0, delivered.append) is None
        CALLBACK(callback)(tag | number, 1)
        found.deliver()
        assert delivered == []

    asyncio.run(second())


def test_each_event_loop_has_its_own_waiter() -> None:
    retained = []

    async def main() -> Any:
        retained.append(asyncio.get_running_loop())
        found = await waiter()
        assert await waiter() is found
        return found

    first, second = asyncio.run(main()), asyncio.run(main())
    assert first is not second
    assert first.completions.tag != second.completions.tag


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes")
def test_pipes_of_closed_loops_are_closed() -> None:
    retained = []

    async def main() -> None:
        retained.append(asyncio.get_running_loop())
        await waiter()

    # Even though the loops still exist.
    asyncio.run(main())
    before = len(os.listdir("/dev/fd"))
    for _ in range(20):
        asyncio.run(main())
    assert len(os.listdir("/dev/fd")) <= before


def test_cancelled_call_is_removed_from_pending(emulator: Emulator) -> None:
    async def main() -> None:
        client = AsyncScalekitClient(*emulator.credentials)
        await client.organizations.list()
        emulator.fault("users.list", "delay", forever=True)
        task = asyncio.create_task(client.users.list())
        await asyncio.to_thread(emulator.wait, "users.list", 1)
        found = await waiter()
        assert len(found.pending) == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        # Cancelling announces the end of the call, and the loop reads the pipe in its next turn.
        await asyncio.to_thread(emulator.wait, "users.list", 1, 1)
        await asyncio.sleep(0)
        assert not found.pending
        assert (await client.organizations.list()).organizations == []

    asyncio.run(main())


def test_dropped_coroutine_cancels_its_call(emulator: Emulator) -> None:
    async def main() -> None:
        client = AsyncScalekitClient(*emulator.credentials)
        await client.organizations.list()
        emulator.fault("users.list", "delay", forever=True)
        call = client.users.list()
        call.send(None)
        await asyncio.to_thread(emulator.wait, "users.list", 1)
        call.close()
        await asyncio.to_thread(emulator.wait, "users.list", 1, 1)

    asyncio.run(main())


def test_await_outside_of_a_loop_is_rejected(emulator: Emulator) -> None:
    call = AsyncScalekitClient(*emulator.credentials).users.list()
    with pytest.raises(
        RuntimeError, match="no running event loop: await calls of an async client on asyncio"
    ):
        call.send(None)
    assert emulator.requests("users.list") == []


def test_invalid_argument_leaves_nothing_pending(emulator: Emulator) -> None:
    async def main() -> None:
        client = AsyncScalekitClient(*emulator.credentials)
        untyped: Any = client.organizations
        with pytest.raises(TypeError, match="`id` must be str"):
            await untyped.get(7)
        with pytest.raises(ScalekitError.InvalidArgument):
            await untyped.get("")
        assert not (await waiter()).pending

    asyncio.run(main())
