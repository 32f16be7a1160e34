"""The end of the interpreter: the library's threads stop before it."""

from __future__ import annotations

import atexit
import os
import time

from .buffers import cannot_fail
from .errors import client_error
from .library import STATUS, check, native
from .subinterpreters import is_main

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_is_shut_down = False
# An element for each thread in a call that may call back. Appending and popping need no lock.
_active_calls: list[None] = []
# How often the shutdown looks whether such calls have returned: every millisecond, for a second.
_ATTEMPTS = 1000


def is_shut_down() -> bool:
    return _is_shut_down


def shut_down_error() -> Exception:
    return client_error("Closed", "the interpreter is shutting down: calls can no longer be awaited")


def stop_threads() -> None:
    """Stops the library's threads and waits for them. The next call starts new ones."""
    check("func_stop_threads")
    native("uniffi_scalekit_fn_func_stop_threads", (STATUS,), None)(cannot_fail)


def call_unless_shut_down(call: Callable[..., Any], *arguments: Any) -> bool:
    """Makes a call that may call back into Python. Returns `False` if the interpreter shuts down."""
    _active_calls.append(None)
    try:
        if _is_shut_down:
            return False
        call(*arguments)
        return True
    finally:
        _active_calls.pop()


def shut_down() -> None:
    # A callback that enters the interpreter after its end would crash the process. It can come from a thread
    # of the library, or on a thread of the program that is in the library at that moment.
    global _is_shut_down
    _is_shut_down = True
    for _ in range(_ATTEMPTS):
        if not _active_calls:
            break
        time.sleep(0.001)
    # All interpreters of the process share the threads, and the main one ends last.
    if is_main():
        stop_threads()


atexit.register(shut_down)
if hasattr(os, "register_at_fork"):
    # A forked child has only the thread that forked.
    os.register_at_fork(after_in_child=_active_calls.clear)
