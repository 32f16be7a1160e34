"""Validates the token in its argument before and after forking, and prints the number of key fetches."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import urllib.request
import warnings

from scalekit_rs import AsyncScalekitClient, ExpectedAudience, ScalekitClient, TokenExpectations

# Python 3.12 warns about forking a process that has threads, which is what this program tests.
warnings.simplefilter("ignore", DeprecationWarning)

ENVIRONMENT = os.environ["SCALEKIT_ENVIRONMENT_URL"]
(TOKEN,) = sys.argv[1:]

blocking, asynchronous = ScalekitClient.from_env(), AsyncScalekitClient.from_env()
any_audience = TokenExpectations(audience=ExpectedAudience.unchecked())


async def validate_async() -> str:
    return (await asynchronous.tokens.validate(TOKEN, any_audience)).issuer


def use(process: str) -> None:
    """Fails if the calls take longer than the alarm."""
    signal.alarm(20)
    issuers = {blocking.tokens.validate(TOKEN, any_audience).issuer, asyncio.run(validate_async())}
    signal.alarm(0)
    assert issuers == {ENVIRONMENT}
    print(process, fetch_count(), flush=True)


def fetch_count() -> int:
    """The number of key fetches so far, by all processes."""
    url = f"{ENVIRONMENT}/_emulator/requests?operation=oauth.keys"
    with urllib.request.urlopen(url, timeout=20) as response:
        return len(json.load(response)["requests"])


def fork(process: str) -> None:
    child = os.fork()
    if child == 0:
        # Without `os._exit`, a failing child would continue as a second parent.
        try:
            use(process)
            use(f"{process} again")
        except BaseException as error:
            print(repr(error), flush=True)
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status == 0, f"{process} exited with status {status}"


fork("early child")
use("parent")
fork("child")
use("parent again")
for client in (blocking, asynchronous):
    client.tokens.preload_keys(blocking.jwks())
fork("child with keys from its parent")
