"""Awaited calls on loops that cannot read pipes: the library calls back."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import pytest
from scalekit_rs import AsyncScalekitClient, ScalekitError
from scalekit_rs._runtime import callbacks
from scalekit_rs._runtime.awaiting import current_waiter
from scalekit_rs._runtime.callbacks import CallbackWaiter

from support.emulator import Emulator
from support.loops import PipelessLoop, run_on
from support.programs import run


def run_without_pipes(main: Any) -> Any:
    return run_on(PipelessLoop(), main)


def test_loop_without_pipes_gets_callbacks() -> None:
    async def main() -> None:
        assert type(current_waiter()) is CallbackWaiter
        assert current_waiter() is current_waiter()

    run_without_pipes(main())


@pytest.mark.skipif(sys.platform == "win32", reason="has no limit of open files")
def test_process_without_pipes_gets_callbacks(emulator: Emulator) -> None:
    program = """
import asyncio, os, resource
from scalekit_rs import AsyncScalekitClient
# Imported now, because reading a module takes a file descriptor.
from scalekit_rs._runtime import callbacks
from scalekit_rs._runtime.awaiting import current_waiter

client = AsyncScalekitClient.from_env()

async def main():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.dup(0)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, hard))
    print(type(current_waiter()).__name__)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    print(len((await client.organizations.list()).organizations))

asyncio.run(main())
"""
    assert run(program, emulator).stdout == "CallbackWaiter\n0\n"


def test_concurrent_calls_get_their_own_results(emulator: Emulator) -> None:
    emulator.seed_organizations(20)

    async def main() -> None:
        client = AsyncScalekitClient(*emulator.credentials)
        ids = [f"org_{number}" for number in range(1, 21)] * 10
        found = await asyncio.gather(*(client.organizations.get(id) for id in ids))
        assert [organization.id for organization in found] == ids
        with pytest.raises(ScalekitError.NotFound):
            await client.organizations.get("org_unknown")

    run_without_pipes(main())
    assert not callbacks._pending


def test_cancelled_call_is_removed_from_pending(emulator: Emulator) -> None:
    async def main() -> None:
        client = AsyncScalekitClient(*emulator.credentials)
        await client.organizations.list()
        emulator.fault("users.list", "delay", forever=True)
        task = asyncio.create_task(client.users.list())
        await asyncio.to_thread(emulator.wait, "users.list", 1)
        assert len(callbacks._pending) == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not callbacks._pending
        await asyncio.to_thread(emulator.wait, "users.list", 1, 1)

    run_without_pipes(main())


def test_callback_after_the_loop_was_closed_is_ignored(emulator: Emulator) -> None:
    client = AsyncScalekitClient(*emulator.credentials)

    async def warm_up() -> None:
        await client.organizations.list()

    run_without_pipes(warm_up())
    emulator.fault("users.list", "delay", forever=True)
    loop = PipelessLoop()
    call: Any = client.users.list()

    async def start() -> None:
        call.send(None)

    loop.run_until_complete(start())
    emulator.wait("users.list", 1)
    loop.close()
    # Cancels the call, which calls back.
    call.close()
    assert not callbacks._pending
    emulator.wait("users.list", 1, 1)


@pytest.mark.skipif(sys.platform != "linux", reason="forks a process that has threads")
def test_shutdown_waits_for_calls_with_callbacks() -> None:
    assert run("exit_guard.py").stdout.splitlines() == [
        "child waited: False",
        "first call returned",
        "threads stopped",
        "second call ran: False",
    ]


def test_call_is_not_continued_after_shutdown(emulator: Emulator) -> None:
    emulator.fault("organizations.get", "delay", forever=True)
    program = """
import asyncio
from scalekit_rs import AsyncScalekitClient, ScalekitError
from scalekit_rs._runtime import callbacks, shutdown
from support.loops import PipelessLoop, run_on

client = AsyncScalekitClient.from_env()

async def main():
    await client.organizations.list()
    call = client.organizations.get("org_1")
    future = call.send(None)
    # The end of the library's threads continues the call, but it must not call back any more.
    shutdown.shut_down()
    await asyncio.wait({future})
    try:
        call.send(None)
    except ScalekitError.Closed as error:
        print(error, callbacks._pending)

run_on(PipelessLoop(), main())
"""
    output = run(program, emulator).stdout
    assert output == "the interpreter is shutting down: calls can no longer be awaited {}\n"


def test_program_can_exit_during_calls(emulator: Emulator) -> None:
    program = """
import asyncio, contextlib, threading
from scalekit_rs import AsyncScalekitClient, ScalekitError
from support.loops import PipelessLoop, run_on

client = AsyncScalekitClient.from_env()


async def main() -> None:
    await client.organizations.list()


async def call_forever() -> None:
    with contextlib.suppress(ScalekitError):
        while True:
            await client.organizations.list()


threading.Thread(target=lambda: run_on(PipelessLoop(), call_forever()), daemon=True).start()
run_on(PipelessLoop(), main())
"""
    for _ in range(20):
        assert run(program, emulator).stderr == ""
