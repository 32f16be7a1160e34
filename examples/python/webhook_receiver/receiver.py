"""Receives Scalekit webhooks: verifies each delivery, responds at once, and processes each event once.

    pip install fastapi uvicorn
    uvicorn --app-dir examples/python/webhook_receiver receiver:app

Reads `SCALEKIT_WEBHOOK_SECRET`: the signing secret of the endpoint or, during a rotation, the new and the old
secret separated by a space.
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

# In memory, to keep the example short. Store both in your database so that no event is lost.
queue: asyncio.Queue[WebhookEvent] = asyncio.Queue(maxsize=1000)
processed_ids: dict[str, None] = {}


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    worker = asyncio.create_task(process_events())
    yield
    worker.cancel()


app = FastAPI(lifespan=lifespan)


async def read_body(request: Request) -> bytes:
    """Returns the raw body, which is what was signed. Limits its size, because any caller can send a body."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > 1_000_000:
            raise HTTPException(413, "The request body is too large.")
    return bytes(body)


@app.post("/webhooks")
async def webhooks(request: Request) -> Response:
    try:
        event = verifier.event(request.headers, await read_body(request))
    except ScalekitError.InvalidWebhook as error:
        raise HTTPException(401, str(error)) from error
    try:
        queue.put_nowait(event)
    except asyncio.QueueFull:
        raise HTTPException(503, "The queue is full.") from None  # Scalekit retries the delivery
    return Response(status_code=204)


async def process_events() -> None:
    while True:
        event = await queue.get()
        if is_new(event):
            try:
                process(event)
            except Exception:
                log.exception("failed to process event %s", event.id)


def is_new(event: WebhookEvent) -> bool:
    """Returns false for duplicates. Forgets the oldest IDs, which no longer arrive."""
    if event.id in processed_ids:
        return False
    processed_ids[event.id] = None
    if len(processed_ids) > 100_000:
        processed_ids.pop(next(iter(processed_ids)))
    return True


def process(event: WebhookEvent) -> None:
    match event.data:
        case WebhookData.OrganizationCreated(organization=organization):
            print(f"created {organization.display_name}", flush=True)
        case WebhookData.OrganizationDeleted(organization=organization):
            print(f"deleted {organization.id}", flush=True)
        case _:
            print(f"ignored {event.event_type}", flush=True)
