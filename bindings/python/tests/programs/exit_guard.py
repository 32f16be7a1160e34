"""Ends the library while a thread is in a call that may call back, and says in which order things happen."""

from __future__ import annotations

import os
import threading
import time
import types
import warnings
from typing import Any

from scalekit_rs._native import scalekit

# Python 3.12 warns of forking while there are threads, which is what is tested here.
warnings.simplefilter("ignore", DeprecationWarning)

# What is not for users has no types.
native: Any = scalekit

entered, ending = threading.Event(), threading.Event()


def call(who: str) -> None:
    entered.set()
    assert ending.wait(20), "nobody waits for this call"
    print(who, "has come back", flush=True)


def wait(seconds: float) -> None:
    """In place of `time.sleep`, for the end alone: so it shows that it waits."""
    ending.set()
    time.sleep(seconds)


thread = threading.Thread(target=native._unless_ended, args=(call, "a call"), daemon=True)
thread.start()
assert entered.wait(20)

# The thread is not in the child, and nobody there may wait for it.
child = os.fork()
if child == 0:
    native.time = types.SimpleNamespace(sleep=lambda _: os._exit(1))
    native._end()
    os._exit(0)
print("the child had to wait:", os.waitpid(child, 0)[1] != 0, flush=True)

native.time = types.SimpleNamespace(sleep=wait)
stop, native.stop_threads = native.stop_threads, lambda: print("the threads are stopped", flush=True)
native._end()
# Where nobody waited it comes back now.
ending.set()
thread.join()
print("may call:", native._unless_ended(call, "another call"))
native.stop_threads = stop
