"""A WSGI application for gunicorn that creates and uses its clients before the workers are forked."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Iterable
from typing import Any

from scalekit_rs import AsyncScalekitClient, ScalekitClient

blocking, asynchronous = ScalekitClient.from_env(), AsyncScalekitClient.from_env()


async def get_async() -> str:
    return (await asynchronous.organizations.get("org_1")).id


PARENT_PID = os.getpid()
PARENT_IDS = [blocking.organizations.get("org_1").id, asyncio.run(get_async())]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    ids = [blocking.organizations.get("org_1").id, asyncio.run(get_async())]
    start_response("200 OK", [("content-type", "application/json")])
    return [json.dumps({"forked": os.getpid() != PARENT_PID, "ids": PARENT_IDS + ids}).encode()]
