"""Shuts the library down while a thread is in a call that may call back, and prints the order of events."""

from __future__ import annotations

import os
import threading
import time
import types
import warnings
from typing import Any

from scalekit_rs._runtime import shutdown

# Python 3.12 warns about forking a process that has threads, which is what this program tests.
warnings.simplefilter("ignore", DeprecationWarning)

# The program replaces names of the module.
module: Any = shutdown

entered, shutting_down = threading.Event(), threading.Event()


def call(name: str) -> None:
    entered.set()
    assert shutting_down.wait(20), "the shutdown did not wait for this call"
    print(name, "returned", flush=True)


def sleep(seconds: float) -> None:
    """Replaces `time.sleep` in the library, to detect that the shutdown waits."""
    shutting_down.set()
    time.sleep(seconds)


thread = threading.Thread(target=shutdown.call_unless_shut_down, args=(call, "first call"), daemon=True)
thread.start()
assert entered.wait(20)

# The child process does not have the thread, so its shutdown must not wait for it.
child = os.fork()
if child == 0:
    module.time = types.SimpleNamespace(sleep=lambda _: os._exit(1))
    shutdown.shut_down()
    os._exit(0)
print("child waited:", os.waitpid(child, 0)[1] != 0, flush=True)

module.time = types.SimpleNamespace(sleep=sleep)
stop, module.stop_threads = shutdown.stop_threads, lambda: print("threads stopped", flush=True)
shutdown.shut_down()
# Lets the call return if the shutdown did not wait for it.
shutting_down.set()
thread.join()
print("second call ran:", shutdown.call_unless_shut_down(call, "second call"))
module.stop_threads = stop
