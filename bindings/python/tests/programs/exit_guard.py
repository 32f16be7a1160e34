"""Shuts the library down while a thread is in a call that may call back, and prints the order of events."""

from __future__ import annotations

import os
import threading
import time
import types
import warnings
from typing import Any

from scalekit_rs._native import scalekit

# Python 3.12 warns about forking a process that has threads, which is what this program tests.
warnings.simplefilter("ignore", DeprecationWarning)

# Private names have no type hints.
native: Any = scalekit

entered, shutting_down = threading.Event(), threading.Event()


def call(name: str) -> None:
    entered.set()
    assert shutting_down.wait(20), "the shutdown did not wait for this call"
    print(name, "returned", flush=True)


def sleep(seconds: float) -> None:
    """Replaces `time.sleep` in the library, to detect that the shutdown waits."""
    shutting_down.set()
    time.sleep(seconds)


thread = threading.Thread(target=native._call_unless_shut_down, args=(call, "first call"), daemon=True)
thread.start()
assert entered.wait(20)

# The child process does not have the thread, so its shutdown must not wait for it.
child = os.fork()
if child == 0:
    native.time = types.SimpleNamespace(sleep=lambda _: os._exit(1))
    native._shut_down()
    os._exit(0)
print("child waited:", os.waitpid(child, 0)[1] != 0, flush=True)

native.time = types.SimpleNamespace(sleep=sleep)
stop, native.stop_threads = native.stop_threads, lambda: print("threads stopped", flush=True)
native._shut_down()
# Lets the call return if the shutdown did not wait for it.
shutting_down.set()
thread.join()
print("second call ran:", native._call_unless_shut_down(call, "second call"))
native.stop_threads = stop
