"""Both styles of client behind one face, so that a test is written once and plays in both."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from scalekit_rs import AsyncScalekitClient, ClientOptions, ScalekitClient


class Blocking:
    client_class: Any = ScalekitClient

    def __init__(self, credentials: tuple[str, str, str], options: ClientOptions | None = None) -> None:
        self.client: Any = self.client_class(*credentials, options)

    def call(self, call: Callable[[Any], Any]) -> Any:
        """The result of one call on the client."""
        return self.answer(call(self.client))

    def answer(self, called: Any) -> Any:
        """What a call gave, once it is there."""
        return called

    def take(self, pager: Any, most: int | None = None) -> list[Any]:
        """The next items of a pager, in the language's own loop."""
        items: list[Any] = []
        for item in pager:
            items.append(item)
            if len(items) == most:
                break
        return items


class Async(Blocking):
    """Each call runs on an event loop of its own: the client is bound to none."""

    client_class: Any = AsyncScalekitClient

    def answer(self, called: Awaitable[Any]) -> Any:
        async def main() -> Any:
            return await called

        return asyncio.run(main())

    def take(self, pager: Any, most: int | None = None) -> list[Any]:
        async def main() -> list[Any]:
            items: list[Any] = []
            async for item in pager:
                items.append(item)
                if len(items) == most:
                    break
            return items

        return asyncio.run(main())


STYLES = {"blocking": Blocking, "asyncio": Async}
