"""Receives Scalekit's webhooks: checks them, answers at once, and acts on each event once.

    pip install fastapi uvicorn
    uvicorn --app-dir examples/python/webhook_receiver receiver:app

It reads `SCALEKIT_WEBHOOK_SECRET`: the signing secret of the endpoint, or, during a rotation, the new one and
the old one with a space between them.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException, Request, Response
from scalekit_rs import ScalekitError, WebhookData, WebhookEvent, WebhookVerifier

log = logging.getLogger("webhooks")
verifier = WebhookVerifier(os.environ["SCALEKIT_WEBHOOK_SECRET"].split())

# In this process, to keep the example short. What must not be lost goes into your database, both of it.
queue: asyncio.Queue[WebhookEvent] = asyncio.Queue(maxsize=1000)
seen: dict[str, None] = {}


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    worker = asyncio.create_task(work())
    yield
    worker.cancel()


app = FastAPI(lifespan=lifespan)


async def body_of(request: Request) -> bytes:
    """The bytes as they came: they are what was signed. No event is this large; anybody can send what is."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > 1_000_000:
            raise HTTPException(413, "This is too large.")
    return bytes(body)


@app.post("/webhooks")
async def webhooks(request: Request) -> Response:
    try:
        event = verifier.event(dict(request.headers), await body_of(request))
    except ScalekitError.InvalidWebhook as error:
        raise HTTPException(401, str(error)) from error
    try:
        queue.put_nowait(event)
    except asyncio.QueueFull:
        raise HTTPException(503, "Later, please.") from None  # it will be sent again
    return Response(status_code=204)


async def work() -> None:
    while True:
        event = await queue.get()
        if is_new(event):
            try:
                act(event)
            except Exception:
                log.exception("event %s failed", event.id)  # and the next one goes on


def is_new(event: WebhookEvent) -> bool:
    """An event may arrive twice. Old ids go: they do not come any more."""
    if event.id in seen:
        return False
    seen[event.id] = None
    if len(seen) > 100_000:
        seen.pop(next(iter(seen)))
    return True


def act(event: WebhookEvent) -> None:
    match event.data:
        case WebhookData.ORGANIZATION_CREATED(organization=organization):
            print(f"{organization.display_name} is a customer now", flush=True)
        case WebhookData.ORGANIZATION_DELETED(organization=organization):
            print(f"{organization.id} has left", flush=True)
        case _:
            print(f"nothing to do for {event.event_type}", flush=True)
