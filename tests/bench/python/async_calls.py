"""`async_calls.py CONTESTANT WORK TASKS SECONDS`: calls on asyncio, WORK being `one` or `page`."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import laps
from surroundings import (
    BEARER,
    ONE,
    PAGE,
    PAGE_SIZE,
    TIMEOUT_SECONDS,
    URL,
    check_one,
    check_page,
)

Calls = tuple[laps.AsyncCall, laps.AsyncCall]


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
    from models import Answer, Page

    timeout = ClientTimeout(total=TIMEOUT_SECONDS)
    async with ClientSession(URL, headers=BEARER, timeout=timeout, raise_for_status=True) as session:

        async def one() -> None:
            async with session.get(ONE) as answer:
                check_one(Answer.model_validate_json(await answer.read()).user.id)

        async def page() -> None:
            async with session.get(PAGE, params={"page_size": PAGE_SIZE}) as answer:
                check_page(Page.model_validate_json(await answer.read()).users)

        yield one, page


@asynccontextmanager
async def httpx() -> AsyncIterator[Calls]:
    from httpx import AsyncClient
    from models import Answer, Page

    async with AsyncClient(base_url=URL, headers=BEARER, timeout=TIMEOUT_SECONDS) as client:

        async def one() -> None:
            answer = (await client.get(ONE)).raise_for_status()
            check_one(Answer.model_validate_json(answer.content).user.id)

        async def page() -> None:
            answer = (await client.get(PAGE, params={"page_size": PAGE_SIZE})).raise_for_status()
            check_page(Page.model_validate_json(answer.content).users)

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
        print(await laps.awaited(call, float(seconds), int(tasks)))


if __name__ == "__main__":
    asyncio.run(main())
