"""`calls.py CONTESTANT WORK THREADS SECONDS`: blocking calls; WORK is `one` or `page`."""

import json
import sys
from collections.abc import Callable, Sequence

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
    check_read,
)
from fields import read_every

Calls = tuple[measure.Call, measure.Call]

# The fields of the server's users, with those of nested models.
FIELDS = 37


def check_every(users: Sequence[object], count: int) -> None:
    """Reads every field of all users, and fails on missing ones."""
    found = sum(map(read_every, users))
    if found != FIELDS * count:
        raise AssertionError(f"{found} fields")


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

    def read_fields(user: User) -> None:
        profile = user.user_profile
        check_read(user.id, user.email, profile.name if profile else None)

    def one() -> None:
        read_fields(client.users.get("usr_1"))

    def page() -> None:
        users = client.users.list(ListUsers(page_size=PAGE_SIZE)).users
        check_page(users)
        for user in users:
            read_fields(user)

    return one, page


def ours_every() -> Calls:
    from scalekit_rs import ListUsers, ScalekitClient

    client = ScalekitClient.from_env()

    def one() -> None:
        check_every([client.users.get("usr_1")], 1)

    def page() -> None:
        check_every(client.users.list(ListUsers(page_size=PAGE_SIZE)).users, PAGE_SIZE)

    return one, page


def httpx() -> Calls:
    from httpx import Client
    from models import Page, UserResponse

    client = Client(base_url=URL, headers=BEARER, timeout=TIMEOUT_SECONDS)

    def one() -> None:
        response = client.get(ONE).raise_for_status()
        check_one(UserResponse.model_validate_json(response.content).user.id)

    def page() -> None:
        response = client.get(PAGE, params={"page_size": PAGE_SIZE}).raise_for_status()
        check_page(Page.model_validate_json(response.content).users)

    return one, page


def httpx_every() -> Calls:
    from httpx import Client
    from models import Page, UserResponse

    client = Client(base_url=URL, headers=BEARER, timeout=TIMEOUT_SECONDS)

    def one() -> None:
        response = client.get(ONE).raise_for_status()
        check_every([UserResponse.model_validate_json(response.content).user], 1)

    def page() -> None:
        response = client.get(PAGE, params={"page_size": PAGE_SIZE}).raise_for_status()
        check_every(Page.model_validate_json(response.content).users, PAGE_SIZE)

    return one, page


def requests() -> Calls:
    from models import Page, UserResponse
    from requests import Session

    session = Session()
    session.headers.update(BEARER)

    def one() -> None:
        response = session.get(URL + ONE, timeout=TIMEOUT_SECONDS)
        response.raise_for_status()
        check_one(UserResponse.model_validate_json(response.content).user.id)

    def page() -> None:
        response = session.get(URL + PAGE, params={"page_size": PAGE_SIZE}, timeout=TIMEOUT_SECONDS)
        response.raise_for_status()
        check_page(Page.model_validate_json(response.content).users)

    return one, page


def urllib3() -> Calls:
    from urllib3 import BaseHTTPResponse, PoolManager

    pool = PoolManager(maxsize=8, timeout=TIMEOUT_SECONDS, headers=BEARER)

    def body(response: BaseHTTPResponse) -> bytes:
        if response.status != 200:
            raise AssertionError(f"status {response.status}")
        return response.data

    def one() -> None:
        check_one(json.loads(body(pool.request("GET", URL + ONE)))["user"]["id"])

    def page() -> None:
        response = pool.request("GET", URL + PAGE, fields={"page_size": str(PAGE_SIZE)})
        check_page(json.loads(body(response))["users"])

    return one, page


CONTESTANTS: dict[str, Callable[[], Calls]] = {
    "ours": ours,
    "ours-read": ours_read,
    "ours-every": ours_every,
    "httpx": httpx,
    "httpx-every": httpx_every,
    "requests": requests,
    "urllib3": urllib3,
}


def main() -> None:
    contestant, work, threads, seconds = sys.argv[1:]
    one, page = CONTESTANTS[contestant]()
    call = {"one": one, "page": page}[work]
    if threads == "1":
        print(measure.blocking(call, float(seconds)))
    else:
        print(measure.threaded(call, float(seconds), int(threads)))


if __name__ == "__main__":
    main()
