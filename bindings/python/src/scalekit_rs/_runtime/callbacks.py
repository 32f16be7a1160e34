"""Awaiting where the event loop cannot read a pipe: the library calls back from a thread of its own."""

from __future__ import annotations

import ctypes
from itertools import count

from .awaiting import resolve
from .shutdown import call_unless_shut_down, shut_down_error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_CALLBACK = ctypes.CFUNCTYPE(None, ctypes.c_uint64, ctypes.c_int8)
_pending: dict[int, Any] = {}
_numbers = count(1)


def _continue(number: int, code: int) -> None:
    future = _pending.pop(number)
    try:
        future.get_loop().call_soon_threadsafe(resolve, future, code)
    except RuntimeError:
        # The loop was closed during the call: no task awaits the result.
        return


# Kept alive, since the library calls it.
_callback = _CALLBACK(_continue)
_address = ctypes.cast(_callback, ctypes.c_void_p).value


class CallbackWaiter:
    """Polls and frees calls with callbacks, which can come during both."""

    def __init__(self, loop: Any) -> None:
        from .subinterpreters import is_main

        if not is_main():
            raise RuntimeError(
                "async clients of scalekit_rs do not work in subinterpreters on this event loop"
            )

    async def wait(self, poll: Any, handle: int) -> None:
        from asyncio import get_running_loop

        code = 1
        while code:
            future = get_running_loop().create_future()
            number = next(_numbers)
            _pending[number] = future
            if not call_unless_shut_down(poll, handle, _address, number):
                del _pending[number]
                raise shut_down_error()
            code = await future

    def free(self, free: Any, handle: int) -> None:
        call_unless_shut_down(free, handle)

    def close(self) -> None:
        """There is no pipe."""
