"""Stops the library's threads in the middle of things, and goes on."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

from scalekit_rs import AsyncScalekitClient, ScalekitClient, ScalekitError
from scalekit_rs._native import scalekit

# What is not for users has no types.
native: Any = scalekit

blocking, asynchronous = ScalekitClient.from_env(), AsyncScalekitClient.from_env()


def threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


async def stopped_on_the_way() -> None:
    await asynchronous.organizations.list()
    call = asyncio.create_task(asynchronous.organizations.get("org_1"))
    # The emulator holds this one back for ever: the call is under way when the threads end.
    await asyncio.sleep(0)
    native.stop_threads()
    try:
        await call
    except ScalekitError.Internal as error:
        print("ended:", error)


asyncio.run(stopped_on_the_way())
print("threads:", threads() - threading.active_count())
print("again:", len(blocking.organizations.list().organizations))
native._end()
print("threads:", threads() - threading.active_count())


async def too_late() -> None:
    try:
        await asynchronous.organizations.list()
    except ScalekitError.Closed as error:
        print("late:", error)


asyncio.run(too_late())
