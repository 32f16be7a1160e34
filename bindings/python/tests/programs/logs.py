"""Makes calls of all kinds with logging enabled, and passes canary values that must not be in the log."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os

from scalekit_rs import AsyncScalekitClient, CallOptions, HttpMethod, ScalekitClient, ScalekitError

logging.addLevelName(5, "TRACE")
# All attributes of an event, not only its message.
logging.basicConfig(format="%(levelname)s %(name)s %(message)s %(operation)s %(status)s %(request_id)s")
logging.getLogger("scalekit").setLevel(os.environ["LEVEL"])

with ScalekitClient.from_env() as client:
    marked = client.with_options(CallOptions(headers={"x-gateway-key": "canary-in-a-header"}))
    marked.connections.get("org_1", "conn_1")
    marked.request(HttpMethod.POST, "/api/v1/organizations", body={"display_name": "canary-in-a-body"})
    with contextlib.suppress(ScalekitError):
        marked.organizations.get("org_unknown")
    url, client_id = os.environ["SCALEKIT_ENVIRONMENT_URL"], os.environ["SCALEKIT_CLIENT_ID"]
    with contextlib.suppress(ScalekitError.Unauthenticated):
        ScalekitClient(url, client_id, "canary-of-a-wrong-secret").organizations.list()


async def main() -> None:
    async with AsyncScalekitClient.from_env() as client:
        await client.organizations.list()


asyncio.run(main())
