"""Checks the token in its argument before and after forking, and says how often the keys were fetched."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import urllib.request
import warnings

from scalekit_rs import AsyncScalekitClient, ExpectedAudience, ScalekitClient, TokenExpectations

# Python 3.12 warns of forking while there are threads, which is what is tested here.
warnings.simplefilter("ignore", DeprecationWarning)

ENVIRONMENT = os.environ["SCALEKIT_ENVIRONMENT_URL"]
(TOKEN,) = sys.argv[1:]

blocking, asynchronous = ScalekitClient.from_env(), AsyncScalekitClient.from_env()
anybody = TokenExpectations(audience=ExpectedAudience.unchecked())


async def awaited() -> str:
    return (await asynchronous.tokens.validate(TOKEN, anybody)).issuer


def use(who: str) -> None:
    """All of it ends in time, or the process is ended."""
    signal.alarm(20)
    issuers = {blocking.tokens.validate(TOKEN, anybody).issuer, asyncio.run(awaited())}
    signal.alarm(0)
    assert issuers == {ENVIRONMENT}
    print(who, fetches(), flush=True)


def fetches() -> int:
    """How often the keys were fetched so far, by any process."""
    url = f"{ENVIRONMENT}/_emulator/requests?operation=oauth.keys"
    with urllib.request.urlopen(url, timeout=20) as answer:
        return len(json.load(answer)["requests"])


def forked(who: str) -> None:
    child = os.fork()
    if child == 0:
        # Without `os._exit` a failing child would go on as a second parent.
        try:
            use(who)
            use(f"{who} again")
        except BaseException as error:
            print(repr(error), flush=True)
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status == 0, f"{who} ended with {status}"


forked("early child")
use("parent")
forked("child")
use("parent again")
for client in (blocking, asynchronous):
    client.tokens.preload_keys(blocking.jwks())
forked("child with keys from its parent")
