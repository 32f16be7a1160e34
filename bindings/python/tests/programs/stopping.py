"""Stops the library's threads during a call, and then continues to use the library."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from scalekit_rs import AsyncScalekitClient, ScalekitClient, ScalekitError
from scalekit_rs._runtime import shutdown

blocking, asynchronous = ScalekitClient.from_env(), AsyncScalekitClient.from_env()


def thread_count() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


async def stop_during_call() -> None:
    await asynchronous.organizations.list()
    call = asyncio.create_task(asynchronous.organizations.get("org_1"))
    # The emulator never responds to this request, so the call is in progress when the threads stop.
    await asyncio.sleep(0)
    shutdown.stop_threads()
    try:
        await call
    except ScalekitError.Internal as error:
        print("stopped:", error)


asyncio.run(stop_during_call())
print("threads:", thread_count() - threading.active_count())
print("organizations:", len(blocking.organizations.list().organizations))
shutdown.shut_down()
print("threads:", thread_count() - threading.active_count())


async def call_after_shutdown() -> None:
    try:
        await asynchronous.organizations.list()
    except ScalekitError.Closed as error:
        print("after shutdown:", error)


asyncio.run(call_after_shutdown())
