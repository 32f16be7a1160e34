"""Native calls: the changes that the build makes to UniFFI's generated code."""

from __future__ import annotations

import asyncio
import ctypes
import threading
from collections.abc import Callable
from typing import Any

import pytest
from scalekit_rs import CallOptions
from scalekit_rs._native import scalekit

from support.emulator import Emulator
from support.programs import run
from support.styles import Blocking

native: Any = scalekit


def test_resource_accessor_returns_cached_object(style: Blocking) -> None:
    client, copy = style.client, style.client.with_options(CallOptions(timeout_seconds=1))
    assert client.users is client.users
    assert client.users is not client.organizations
    assert client.users is not copy.users
    with pytest.raises(AttributeError):
        client.users = copy.users


def test_resource_outlives_its_client(style: Blocking) -> None:
    users = style.client.users
    del style.client
    assert style.wait(users.list()).users == []


def test_buffer_builder_writes_big_endian() -> None:
    builder = native._UniffiRustBufferBuilder()
    for kind, value in [("i8", -1), ("u8", 2), ("i16", -3), ("i32", -4), ("u32", 5), ("i64", -6), ("u64", 7)]:
        getattr(builder, f"write_{kind}")(value)
    builder.write(b"bytes")
    builder.write_float(0.5)
    builder.write_double(-0.5)
    expected = "ff02fffdfffffffc00000005fffffffffffffffa0000000000000007"
    assert bytes(builder).hex() == expected + b"bytes".hex() + "3f000000" + "bfe0000000000000"


@pytest.mark.parametrize("text", ["", "x", "naïve \0 text", "x" * 100_000])
def test_text_survives_lower_and_lift(text: str) -> None:
    buffer = native._UniffiFfiConverterString.lower(text)
    assert native._UniffiFfiConverterString.lift(buffer) == text


def test_argument_over_2_gib_is_rejected() -> None:
    class Endless(bytes):
        def __len__(self) -> int:
            return 2**31

    with pytest.raises(native.ScalekitError.InvalidArgument, match="2 GiB"):
        native._to_library(Endless())


class TestLibrary:
    """Functions are looked up on first use."""

    FUNCTION = "uniffi_scalekit_fn_method_users_get"

    def test_every_function_gets_its_types(self) -> None:
        lines = native._FUNCTIONS.split("\n")[1:-1]
        library = native._Library(native._gil_library._name)
        for line in lines:
            name, arguments, _, _ = line.split(" ")
            function = getattr(library, name)
            assert len(function.argtypes) == len(arguments) - 1
            assert getattr(library, name) is function
        assert len(lines) > 700
        assert library.uniffi_scalekit_fn_method_users_get.restype is native._UniffiRustBuffer
        assert library.uniffi_scalekit_fn_method_users_get.argtypes[0] is ctypes.c_uint64

    def test_checksum_mismatch_is_rejected(self, monkeypatch: pytest.MonkeyPatch) -> None:
        library = native._Library(native._gil_library._name)
        start = native._FUNCTIONS.index(f"\n{self.FUNCTION} ") + 1
        line = native._FUNCTIONS[start : native._FUNCTIONS.index("\n", start)]
        other = line.rsplit(" ", 1)[0] + " 65536"
        monkeypatch.setattr(native, "_FUNCTIONS", native._FUNCTIONS.replace(line, other))
        with pytest.raises(native.InternalError, match=self.FUNCTION):
            getattr(library, self.FUNCTION)

    def test_unknown_function_raises_attribute_error(self) -> None:
        with pytest.raises(AttributeError):
            getattr(native._UniffiLib, f"{self.FUNCTION}_nothing")


def _results(awaiter: Any, loop: asyncio.AbstractEventLoop, count: int) -> list[asyncio.Future[int]]:
    """The futures of `count` calls, whose results come from another thread while this one is busy."""
    futures = [loop.create_future() for _ in range(count)]
    numbers = [next(native._numbers) for _ in futures]
    native._pending.update(
        {number: (awaiter, future) for number, future in zip(numbers, futures, strict=True)}
    )
    thread = threading.Thread(target=lambda: [native._uniffi_continuation_callback(n, 1) for n in numbers])
    thread.start()
    thread.join()
    return futures


class TestAwaiting:
    def test_simultaneous_results_wake_loop_once(self) -> None:
        wakes: list[Callable[..., Any]] = []

        async def main() -> None:
            awaiter, loop = native._awaiter()
            original = loop.call_soon_threadsafe

            def count(call: Callable[..., Any]) -> None:
                wakes.append(call)
                original(call)

            loop.call_soon_threadsafe = count
            for turn in (1, 2):
                assert await asyncio.gather(*_results(awaiter, loop, 50)) == [1] * 50
                assert len(wakes) == turn
            assert not native._pending

        asyncio.run(main())

    def test_result_during_poll_goes_to_its_own_call(self) -> None:
        async def main() -> None:
            awaiter, loop = native._awaiter()
            this, other = next(native._numbers), next(native._numbers)
            futures = {number: loop.create_future() for number in (this, other)}
            native._pending.update({number: (awaiter, future) for number, future in futures.items()})
            awaiter.polled, awaiter.code = this, None
            # While this call is being polled, the library continues another one on the same thread.
            native._uniffi_continuation_callback(other, 1)
            assert awaiter.code is None
            native._uniffi_continuation_callback(this, 0)
            assert awaiter.code == 0
            awaiter.polled = None
            assert await futures[other] == 1
            assert not futures[this].done()

        asyncio.run(main())

    def test_each_event_loop_has_its_own_awaiter(self) -> None:
        async def main() -> Any:
            awaiter, loop = native._awaiter()
            assert native._awaiter() == (awaiter, loop)
            return awaiter

        first, second = asyncio.run(main()), asyncio.run(main())
        assert first is not second

    def test_cancelled_call_is_removed_from_pending(self, emulator: Emulator) -> None:
        program = """
import asyncio
from scalekit_rs import AsyncScalekitClient
from scalekit_rs._native import scalekit

async def main():
    task = asyncio.create_task(AsyncScalekitClient.from_env().users.list())
    await asyncio.sleep(0)
    print(len(scalekit._pending))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

asyncio.run(main())
# Stopping the threads waits for callbacks that are still under way.
scalekit.stop_threads()
print(len(scalekit._pending))
"""
        assert run(program, emulator).stdout == "1\n0\n"


class TestConverters:
    """Converters are created on first use."""

    def test_each_lazy_converter_creates_its_converter(self) -> None:
        lazy = [name for name, value in vars(native).items() if isinstance(value, native._LazyConverter)]
        for name in lazy:
            assert getattr(native, name).check_lower is not None
            assert getattr(native, name).__name__ == name
        assert not [value for value in vars(native).values() if isinstance(value, native._LazyConverter)]

    def test_retained_lazy_converter_still_works(self) -> None:
        retained = native._LazyConverter("_UniffiFfiConverterString", lambda: pytest.fail("created twice"))
        assert retained.check_lower("text") is None

    def test_import_creates_few_converters(self) -> None:
        program = """
from scalekit_rs._native import scalekit
lazy = sum(isinstance(value, scalekit._LazyConverter) for value in vars(scalekit).values())
print(lazy > 300)
import gc
print(gc.isenabled())
"""
        assert run(program).stdout == "True\nTrue\n"
