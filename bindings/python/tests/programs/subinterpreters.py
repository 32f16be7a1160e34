"""Makes calls in interpreters that have a lock of their own, while the main interpreter makes calls too."""

from __future__ import annotations

import threading

import _interpreters  # type: ignore[import-not-found]
from scalekit_rs import ScalekitClient

PROGRAM = """
import asyncio
from scalekit_rs import AsyncScalekitClient, ScalekitClient, ScalekitError

client, other = ScalekitClient(), AsyncScalekitClient()


async def main():
    calls = [other.organizations.get("org_1") for _ in range(20)]
    assert {organization.id for organization in await asyncio.gather(*calls)} == {"org_1"}
    try:
        await other.organizations.get("org_2")
    except ScalekitError.NotFound as error:
        assert error.status == 404


for _ in range(3):
    assert client.organizations.get("org_1").id == "org_1"
    asyncio.run(main())
"""

failures: list[object] = []


def run_interpreter() -> None:
    interpreter = _interpreters.create("isolated")
    failure = _interpreters.exec(interpreter, PROGRAM)
    if failure is not None:
        failures.append(failure.formatted)
    _interpreters.destroy(interpreter)


def list_organizations(until: threading.Event) -> None:
    while not until.is_set():
        assert client.organizations.get("org_1").id == "org_1"


client = ScalekitClient()
done = threading.Event()
caller = threading.Thread(target=list_organizations, args=[done])
caller.start()
threads = [threading.Thread(target=run_interpreter) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
done.set()
caller.join()
# The threads of the library still run, because the main interpreter has not ended.
assert client.organizations.get("org_1").id == "org_1"
print("failures:", *failures)
