"""One interface for both styles of client, so that each test is written once and runs in both."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from scalekit_rs import AsyncScalekitClient, ClientOptions, ScalekitClient, SecretText

# Environment URL, client ID and client secret.
Credentials = tuple[str, str, str | SecretText]


class Blocking:
    client_class: Any = ScalekitClient

    def __init__(self, credentials: Credentials, options: ClientOptions | None = None) -> None:
        self.client: Any = self.client_class(*credentials, options)

    def call(self, call: Callable[[Any], Any]) -> Any:
        """Makes one call on the client and returns the result."""
        return self.wait(call(self.client))

    def wait(self, result: Any) -> Any:
        """Returns the result of a call. The asyncio style awaits it first."""
        return result

    def take(self, pager: Any, limit: int | None = None) -> list[Any]:
        """Returns the next items of a pager, all or at most `limit`, with a `for` loop."""
        items: list[Any] = []
        for item in pager:
            items.append(item)
            if len(items) == limit:
                break
        return items


class Async(Blocking):
    """Runs each call on a new event loop, since the client is not bound to one."""

    client_class: Any = AsyncScalekitClient

    def wait(self, result: Awaitable[Any]) -> Any:
        async def main() -> Any:
            return await result

        return asyncio.run(main())

    def take(self, pager: Any, limit: int | None = None) -> list[Any]:
        async def main() -> list[Any]:
            items: list[Any] = []
            async for item in pager:
                items.append(item)
                if len(items) == limit:
                    break
            return items

        return asyncio.run(main())


STYLES = {"blocking": Blocking, "asyncio": Async}
