"""Uses clients, forks, and uses them again: in the child, in the child's child, and in the parent."""

from __future__ import annotations

import asyncio
import os
import signal
import warnings

from scalekit_rs import AsyncScalekitClient, ScalekitClient

# Python 3.12 warns of forking while there are threads, which is what is tested here.
warnings.simplefilter("ignore", DeprecationWarning)

blocking, asynchronous = ScalekitClient.from_env(), AsyncScalekitClient.from_env()


async def awaited(client: AsyncScalekitClient) -> str:
    return (await client.organizations.get("org_1")).id


def use(who: str) -> None:
    """All of it ends in time, or the process is ended."""
    signal.alarm(20)
    answers = [
        blocking.organizations.get("org_1").id,
        asyncio.run(awaited(asynchronous)),
        ScalekitClient.from_env().organizations.get("org_1").id,
        asyncio.run(awaited(AsyncScalekitClient.from_env())),
    ]
    signal.alarm(0)
    print(who, *answers, flush=True)


def forked(generation: int) -> None:
    child = os.fork()
    if child == 0:
        # Without `os._exit` a failing child would go on as a second parent.
        try:
            use(f"child {generation}")
            if generation < 2:
                forked(generation + 1)
        except BaseException as error:
            print(repr(error), flush=True)
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status == 0, f"child {generation} ended with {status}"


use("parent")
forked(1)
use("parent again")
