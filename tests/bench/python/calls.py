"""`calls.py CONTESTANT WORK THREADS SECONDS`: blocking calls, WORK being `one` or `page`."""

import json
import sys
from collections.abc import Callable

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
    check_read,
)

Calls = tuple[laps.Call, laps.Call]


def ours() -> Calls:
    from scalekit_rs import ListUsers, ScalekitClient

    client = ScalekitClient.from_env()

    def one() -> None:
        check_one(client.users.get("usr_1").id)

    def page() -> None:
        check_page(client.users.list(ListUsers(page_size=PAGE_SIZE)).users)

    return one, page


def ours_read() -> Calls:
    from scalekit_rs import ListUsers, ScalekitClient, User

    client = ScalekitClient.from_env()

    def look(user: User) -> None:
        profile = user.user_profile
        check_read(user.id, user.email, profile.name if profile else None)

    def one() -> None:
        look(client.users.get("usr_1"))

    def page() -> None:
        users = client.users.list(ListUsers(page_size=PAGE_SIZE)).users
        check_page(users)
        for user in users:
            look(user)

    return one, page


def httpx() -> Calls:
    from httpx import Client
    from models import Answer, Page

    client = Client(base_url=URL, headers=BEARER, timeout=TIMEOUT_SECONDS)

    def one() -> None:
        answer = client.get(ONE).raise_for_status()
        check_one(Answer.model_validate_json(answer.content).user.id)

    def page() -> None:
        answer = client.get(PAGE, params={"page_size": PAGE_SIZE}).raise_for_status()
        check_page(Page.model_validate_json(answer.content).users)

    return one, page


def requests() -> Calls:
    from models import Answer, Page
    from requests import Session

    session = Session()
    session.headers.update(BEARER)

    def one() -> None:
        answer = session.get(URL + ONE, timeout=TIMEOUT_SECONDS)
        answer.raise_for_status()
        check_one(Answer.model_validate_json(answer.content).user.id)

    def page() -> None:
        answer = session.get(URL + PAGE, params={"page_size": PAGE_SIZE}, timeout=TIMEOUT_SECONDS)
        answer.raise_for_status()
        check_page(Page.model_validate_json(answer.content).users)

    return one, page


def urllib3() -> Calls:
    from urllib3 import BaseHTTPResponse, PoolManager

    pool = PoolManager(maxsize=8, timeout=TIMEOUT_SECONDS, headers=BEARER)

    def body(answer: BaseHTTPResponse) -> bytes:
        if answer.status != 200:
            raise AssertionError(f"status {answer.status}")
        return answer.data

    def one() -> None:
        check_one(json.loads(body(pool.request("GET", URL + ONE)))["user"]["id"])

    def page() -> None:
        answer = pool.request("GET", URL + PAGE, fields={"page_size": str(PAGE_SIZE)})
        check_page(json.loads(body(answer))["users"])

    return one, page


CONTESTANTS: dict[str, Callable[[], Calls]] = {
    "ours": ours,
    "ours-read": ours_read,
    "httpx": httpx,
    "requests": requests,
    "urllib3": urllib3,
}


def main() -> None:
    contestant, work, threads, seconds = sys.argv[1:]
    one, page = CONTESTANTS[contestant]()
    call = {"one": one, "page": page}[work]
    if threads == "1":
        print(laps.blocking(call, float(seconds)))
    else:
        print(laps.threaded(call, float(seconds), int(threads)))


if __name__ == "__main__":
    main()
