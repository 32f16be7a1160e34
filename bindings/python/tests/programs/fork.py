"""Uses clients, forks, and uses them again in the child, in its child, and in the parent."""

from __future__ import annotations

import asyncio
import os
import signal
import warnings

from scalekit_rs import AsyncScalekitClient, ScalekitClient

# Python 3.12 warns about forking a process that has threads, which is what this program tests.
warnings.simplefilter("ignore", DeprecationWarning)

blocking, asynchronous = ScalekitClient.from_env(), AsyncScalekitClient.from_env()


async def get_async(client: AsyncScalekitClient) -> str:
    return (await client.organizations.get("org_1")).id


def use(process: str) -> None:
    """Fails if the calls take longer than the alarm."""
    signal.alarm(20)
    ids = [
        blocking.organizations.get("org_1").id,
        asyncio.run(get_async(asynchronous)),
        ScalekitClient.from_env().organizations.get("org_1").id,
        asyncio.run(get_async(AsyncScalekitClient.from_env())),
    ]
    signal.alarm(0)
    print(process, *ids, flush=True)


def fork(generation: int) -> None:
    child = os.fork()
    if child == 0:
        # Without `os._exit`, a failing child would continue as a second parent.
        try:
            use(f"child {generation}")
            if generation < 2:
                fork(generation + 1)
        except BaseException as error:
            print(repr(error), flush=True)
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status == 0, f"child {generation} exited with status {status}"


use("parent")
fork(1)
use("parent again")
