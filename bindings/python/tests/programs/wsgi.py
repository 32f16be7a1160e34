"""A tiny application for gunicorn, whose client was made and used before the workers were forked."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Iterable
from typing import Any

from scalekit_rs import AsyncScalekitClient, ScalekitClient

blocking, asynchronous = ScalekitClient.from_env(), AsyncScalekitClient.from_env()


async def awaited() -> str:
    return (await asynchronous.organizations.get("org_1")).id


LOADED_IN = os.getpid()
LOADED_WITH = [blocking.organizations.get("org_1").id, asyncio.run(awaited())]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    answers = [blocking.organizations.get("org_1").id, asyncio.run(awaited())]
    start_response("200 OK", [("content-type", "application/json")])
    return [json.dumps({"forked": os.getpid() != LOADED_IN, "answers": LOADED_WITH + answers}).encode()]
