"""Awaited calls, on asyncio and on trio.

The library announces on a pipe that a call can go on, and the event loop reads the pipe: no thread of the
library calls into Python. Where a loop cannot read pipes (asyncio on Windows), the library calls back instead
(`callbacks`).
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
import weakref
from functools import partial
from itertools import count

from . import logs
from .calls import Function, _c_type, _lifter
from .completions import Completions
from .errors import error_of
from .library import STATUS, CallStatus, RustBuffer, native
from .shutdown import is_shut_down, shut_down_error
from .values import codec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_byref = ctypes.byref
_KINDS: dict[Any, str] = {
    None: "void",
    RustBuffer: "rust_buffer",
    ctypes.c_uint64: "u64",
    ctypes.c_int8: "i8",
    ctypes.c_int32: "i32",
    ctypes.c_int64: "i64",
    ctypes.c_double: "f64",
}
_entries = struct.Struct("<Qq").iter_unpack


class _Future:
    """The library's functions for futures with one kind of result."""

    def __init__(self, c_type: Any) -> None:
        kind, handle = _KINDS[c_type], ctypes.c_uint64
        prefix = "ffi_scalekit_rust_future"
        self.poll = native(f"{prefix}_poll_{kind}", (handle, ctypes.c_void_p, ctypes.c_uint64), None)
        self.complete = native(f"{prefix}_complete_{kind}", (handle, STATUS), c_type)
        self.free = native(f"{prefix}_free_{kind}", (handle,), None)


_futures: dict[Any, _Future] = {}


class AsyncCall(Function):
    """A call that sends requests and is awaited. Cancelling it closes its request."""

    def _declare(self, types: list[Any]) -> Any:
        result = codec(self.returns) if self.returns else None
        self._lift = _lifter(result) if result else None
        c_type = _c_type(result) if result else None
        self._future = _futures.get(c_type) or _futures.setdefault(c_type, _Future(c_type))
        return native(f"uniffi_scalekit_fn_{self.symbol}", types, ctypes.c_uint64)

    async def __call__(self, *values: Any) -> Any:
        call = self._native or self._prepare()
        waiter = current_waiter()
        encoded = self._encode(values[1:])
        logs.follow_level()
        functions = self._future
        handle = call(*self._pass(values[0], encoded))
        try:
            await waiter.wait(functions.poll, handle)
            status = CallStatus()
            result = functions.complete(handle, _byref(status))
        finally:
            waiter.free(functions.free, handle)
        if logs.has_events():
            logs.deliver()
        if status.code:
            raise error_of(status)
        return self._lift(result) if self._lift else None


class Waiter:
    """The pending calls of one event loop, and the pipe that announces their completions."""

    def __init__(self) -> None:
        self.completions = Completions()
        self.read_fd = self.completions.read_fd
        # What gets the code of a pending call, by its number.
        self.pending: dict[int, Callable[[int], None]] = {}
        self._numbers = count(1)

    def poll(self, poll: Any, handle: int, deliver: Callable[[int], None]) -> int | None:
        """Polls a call. Returns its code if that is known at once; otherwise `deliver` gets it later."""
        number = next(self._numbers)
        completions = self.completions
        self.pending[number] = deliver
        completions.polled.value = number
        poll(handle, completions.callback, completions.tag | number)
        completions.polled.value = 0
        code: int = completions.result.value
        if not code:
            return None
        completions.result.value = 0
        del self.pending[number]
        return code - 1

    def deliver(self) -> None:
        """Reads the pipe, and passes on what it announces."""
        try:
            data = os.read(self.read_fd, 65536)
        except BlockingIOError:
            return
        for number, code in _entries(data):
            deliver = self.pending.pop(number, None)
            if deliver is not None:
                deliver(code)
        if self.completions.overflow.value:
            self.completions.flush()

    async def wait(self, poll: Any, handle: int) -> None:
        """Polls a call until it is done."""
        raise NotImplementedError

    def free(self, free: Any, handle: int) -> None:
        """Frees a call, and cancels it if it is not done."""
        free(handle)

    def close(self) -> None:
        """Closes the pipe of a loop that is closed."""
        self.completions.close()


def resolve(future: Any, code: int) -> None:
    """Passes a code to the call that awaits it, unless that was cancelled."""
    if not future.done():
        future.set_result(code)


class AsyncioWaiter(Waiter):
    def __init__(self, loop: Any) -> None:
        super().__init__()
        # A weak reference, since the waiter is kept as long as its loop.
        self._loop = weakref.ref(loop)
        loop.add_reader(self.read_fd, self.deliver)

    async def wait(self, poll: Any, handle: int) -> None:
        loop: Any = self._loop()
        code: int | None = 1
        while code:
            future = loop.create_future()
            code = self.poll(poll, handle, partial(resolve, future))
            if code is None:
                code = await future


_asyncio_waiters: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()


def _asyncio_waiter(loop: Any) -> Any:
    waiter = _asyncio_waiters.get(loop)
    if waiter is None:
        # The pipes of closed loops need not wait for the garbage collector.
        for other in [other for other in _asyncio_waiters if other.is_closed()]:
            closed = _asyncio_waiters.pop(other, None)
            if closed is not None:
                closed.close()
        try:
            waiter = AsyncioWaiter(loop)
        except NotImplementedError:
            from .callbacks import CallbackWaiter

            waiter = CallbackWaiter(loop)
        _asyncio_waiters[loop] = waiter
    return waiter


def current_waiter() -> Any:
    """The waiter of the running event loop."""
    if is_shut_down():
        raise shut_down_error()
    events = sys.modules.get("asyncio.events")
    loop = events._get_running_loop() if events else None
    if loop is not None:
        return _asyncio_waiter(loop)
    if "trio" in sys.modules:
        from .on_trio import trio_waiter

        waiter = trio_waiter()
        if waiter is not None:
            return waiter
    raise RuntimeError("no running event loop: await calls of an async client on asyncio, trio or anyio")


def forget_loops() -> None:
    """In a forked child: the pipes are shared with the parent, which alone may read them."""
    _asyncio_waiters.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=forget_loops)
