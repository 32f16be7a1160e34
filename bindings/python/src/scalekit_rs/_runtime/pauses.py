"""Pauses of blocking calls in the main thread, in which Python runs signal handlers."""

from __future__ import annotations

import ctypes
import os

from .buffers import cannot_fail
from .errors import error_of
from .library import STATUS, CallStatus, check, native

try:
    # Not `get_ident`, which gevent replaces by the identifiers of greenlets.
    from _thread import get_native_id as get_ident
except ImportError:
    from _thread import get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class _Main:
    """What is known of the main thread, once it has made a call."""

    ident: int | None = None
    # The number of the call that the main thread makes. Calls of a signal handler have greater numbers.
    number: Any = None
    drop: Any = None


def _is_main_thread() -> bool:
    import threading

    main = threading.main_thread()
    return threading.current_thread() is main or main.native_id == get_ident()


def apply_here() -> bool:
    """Whether calls of this thread are paused."""
    ident = get_ident()
    if ident in _seen:
        return ident == _Main.ident
    return _prepare(ident)


# Threads that are known to be, or not to be, the main thread. Identifiers are reused, but not that of the
# main thread.
_seen: set[int] = set()


def _prepare(ident: int) -> bool:
    if not _is_main_thread():
        _seen.add(ident)
        return False
    for name in ("allow_pauses", "call_number_address", "drop_paused_call"):
        check(f"func_{name}")
    native("uniffi_scalekit_fn_func_allow_pauses", (ctypes.c_int8, STATUS), None)(1, cannot_fail)
    address = native("uniffi_scalekit_fn_func_call_number_address", (STATUS,), ctypes.c_uint64)(cannot_fail)
    _Main.drop = native("uniffi_scalekit_fn_func_drop_paused_call", (STATUS,), None)
    _Main.number = ctypes.c_uint64.from_address(address)
    _Main.ident = ident
    # Last, so that an error above is not followed by calls without pauses.
    _seen.add(ident)
    return True


def run(call: Callable[[CallStatus], Any]) -> tuple[Any, Exception | None]:
    """Makes a call until it is done, and returns its result or error. An exception of a handler ends it."""
    number = _Main.number
    previous = number.value
    number.value = previous + 1
    was_paused = False
    try:
        while True:
            status = CallStatus()
            result = call(status)
            if not status.code:
                return result, None
            error = error_of(status)
            if type(error).__name__ != "Internal" or getattr(error, "code", None) != "paused":
                return result, error
            was_paused = True
            # Python runs handlers here.
    except BaseException:
        was_paused = True
        raise
    finally:
        if was_paused:
            # Cancels the call if a handler raised an exception. A finished call is not paused, unless it was
            # answered without waiting.
            _Main.drop(cannot_fail)
        number.value = previous


def _after_fork() -> None:
    # The forking thread is the main thread of the child, and its identifier may be another.
    _seen.clear()
    _Main.ident = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
