"""`async_calls.py CONTESTANT WORK TASKS SECONDS`: calls on asyncio; WORK is `one` or `page`."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import measure
from environment import (
    BEARER,
    ONE,
    PAGE,
    PAGE_SIZE,
    TIMEOUT_SECONDS,
    URL,
    check_one,
    check_page,
)

Calls = tuple[measure.AsyncCall, measure.AsyncCall]


@asynccontextmanager
async def ours() -> AsyncIterator[Calls]:
    from scalekit_rs import AsyncScalekitClient, ListUsers

    async with AsyncScalekitClient.from_env() as client:

        async def one() -> None:
            check_one((await client.users.get("usr_1")).id)

        async def page() -> None:
            check_page((await client.users.list(ListUsers(page_size=PAGE_SIZE))).users)

        yield one, page


@asynccontextmanager
async def aiohttp() -> AsyncIterator[Calls]:
    from aiohttp import ClientSession, ClientTimeout
    from models import Page, UserResponse

    timeout = ClientTimeout(total=TIMEOUT_SECONDS)
    async with ClientSession(URL, headers=BEARER, timeout=timeout, raise_for_status=True) as session:

        async def one() -> None:
            async with session.get(ONE) as response:
                check_one(UserResponse.model_validate_json(await response.read()).user.id)

        async def page() -> None:
            async with session.get(PAGE, params={"page_size": PAGE_SIZE}) as response:
                check_page(Page.model_validate_json(await response.read()).users)

        yield one, page


@asynccontextmanager
async def httpx() -> AsyncIterator[Calls]:
    from httpx import AsyncClient
    from models import Page, UserResponse

    async with AsyncClient(base_url=URL, headers=BEARER, timeout=TIMEOUT_SECONDS) as client:

        async def one() -> None:
            response = (await client.get(ONE)).raise_for_status()
            check_one(UserResponse.model_validate_json(response.content).user.id)

        async def page() -> None:
            response = (await client.get(PAGE, params={"page_size": PAGE_SIZE})).raise_for_status()
            check_page(Page.model_validate_json(response.content).users)

        yield one, page


CONTESTANTS: dict[str, Callable[[], AbstractAsyncContextManager[Calls]]] = {
    "ours": ours,
    "aiohttp": aiohttp,
    "httpx": httpx,
}


async def main() -> None:
    contestant, work, tasks, seconds = sys.argv[1:]
    async with CONTESTANTS[contestant]() as (one, page):
        call = {"one": one, "page": page}[work]
        print(await measure.awaited(call, float(seconds), int(tasks)))


if __name__ == "__main__":
    asyncio.run(main())
