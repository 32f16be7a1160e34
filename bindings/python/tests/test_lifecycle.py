"""The life cycle of clients: creating, closing, dropping, and interpreter shutdown."""

from __future__ import annotations

import asyncio
import gc
import sys

import pytest
from scalekit_rs import AsyncScalekitClient, CallOptions, ScalekitClient, ScalekitError
from scalekit_rs._runtime import objects

from support.emulator import Emulator
from support.programs import run
from support.styles import Blocking


def test_closed_client_rejects_calls(style: Blocking) -> None:
    resource, copy = style.client.organizations, style.client.with_options(CallOptions(timeout_seconds=1))
    style.call(lambda client: client.organizations.list())
    style.client.close()
    style.client.close()
    for organizations in (style.client.organizations, resource, copy.organizations):
        with pytest.raises(ScalekitError.Closed) as caught:
            style.wait(organizations.list())
        assert caught.value.failure.operation == "organizations.list"


def test_with_closes_client(emulator: Emulator) -> None:
    with ScalekitClient(*emulator.credentials) as client:
        client.organizations.list()
    with pytest.raises(ScalekitError.Closed):
        client.organizations.list()


def test_async_with_closes_client(emulator: Emulator) -> None:
    async def main() -> None:
        async with AsyncScalekitClient(*emulator.credentials) as client:
            await client.organizations.list()
        with pytest.raises(ScalekitError.Closed):
            await client.organizations.list()

    asyncio.run(main())


def test_with_propagates_exception(emulator: Emulator) -> None:
    with pytest.raises(ZeroDivisionError), ScalekitClient(*emulator.credentials):
        raise ZeroDivisionError


def test_rejected_constructor_leaves_no_client(style_class: type[Blocking]) -> None:
    with pytest.raises(ScalekitError.InvalidArgument, match="`environment_url`"):
        style_class(("http://example.com", "id", "secret"))


def test_object_that_outlives_its_module_is_dropped_silently(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What Nuitka's programs do at exit, before they drop a client that is a global variable.
    client = ScalekitClient(*emulator.credentials)
    errors: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", errors.append)
    monkeypatch.setattr(ScalekitClient._release, "_call", None)
    for name in ("native", "cannot_fail"):
        monkeypatch.setattr(objects, name, None)
    del client
    gc.collect()
    assert errors == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.skipif(sys.implementation.name == "pypy", reason="the memory of PyPy grows at first")
def test_unclosed_clients_leak_no_threads_or_memory(emulator: Emulator) -> None:
    for line in run("many_clients.py", emulator).stdout.splitlines():
        action, before, after, growth = line.split()
        assert before == after, f"{action}: threads"
        assert int(growth) < 8 * 1024, f"{action}: grew by {growth} KiB"


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_shutdown_stops_all_threads(emulator: Emulator) -> None:
    emulator.fault("organizations.get", "delay", forever=True)
    assert run("stopping.py", emulator).stdout.splitlines() == [
        "stopped: organizations.get: internal error: the runtime stopped",
        "threads: 0",
        "organizations: 0",
        "threads: 0",
        "after shutdown: the interpreter is shutting down: calls can no longer be awaited",
    ]


def test_program_can_exit_right_after_last_call(emulator: Emulator) -> None:
    program = """
import asyncio, contextlib, threading
from scalekit_rs import AsyncScalekitClient, ScalekitError

client = AsyncScalekitClient.from_env()


async def main() -> None:
    await client.organizations.list()


async def call_forever() -> None:
    with contextlib.suppress(ScalekitError):
        while True:
            await client.organizations.list()


threading.Thread(target=lambda: asyncio.run(call_forever()), daemon=True).start()
asyncio.run(main())
"""
    for _ in range(20):
        assert run(program, emulator).stderr == ""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_objects_in_arguments_and_results_are_released(emulator: Emulator) -> None:
    for line in run("printed_secrets.py", emulator).stdout.splitlines():
        use, growth = line.split()
        # A hundred secrets of one MB each.
        assert int(growth) < 30, f"{use}: leaked {growth} MiB"
