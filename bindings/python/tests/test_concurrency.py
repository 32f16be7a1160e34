"""Concurrency: threads and tasks share one request for keys or tokens, and each call gets its own result."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
from scalekit_rs import (
    AccessTokenClaims,
    AsyncScalekitClient,
    ExpectedAudience,
    LoginOptions,
    LoginSession,
    LoginTransaction,
    ScalekitClient,
    ScalekitError,
    SecretText,
    TokenExpectations,
    WebhookSigner,
    WebhookVerifier,
)

from support.browser import follow
from support.emulator import Emulator

MANY = 1_000
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

T = TypeVar("T")


def in_threads(call: Callable[[int], T], count: int = MANY) -> list[T]:
    with ThreadPoolExecutor(100) as pool:
        return list(pool.map(call, range(count)))


def in_tasks(call: Callable[[int], Awaitable[T]], count: int = MANY) -> list[T]:
    async def main() -> list[T]:
        return await asyncio.gather(*(call(number) for number in range(count)))

    return asyncio.run(main())


@pytest.fixture
def clients(emulator: Emulator) -> tuple[ScalekitClient, AsyncScalekitClient]:
    return ScalekitClient(*emulator.credentials), AsyncScalekitClient(*emulator.credentials)


Clients = tuple[ScalekitClient, AsyncScalekitClient]


@pytest.mark.parametrize("where", ["threads", "tasks"])
def test_thousand_first_validations_fetch_keys_once(clients: Clients, emulator: Emulator, where: str) -> None:
    """Uses several tokens, so that a result returned to the wrong call is detected."""
    emulator.fault("oauth.keys", "delay", ms=500)
    blocking, tasks = clients
    expected = TokenExpectations(audience=ExpectedAudience.one_of([emulator.client_id]))
    people = [{"subject": f"usr_{number}"} for number in range(20)]
    tokens = [emulator.control("token", {"kind": "access", "person": p})["token"] for p in people]

    def token(number: int) -> str:
        return str(tokens[number % 20])

    found: list[AccessTokenClaims] = (
        in_threads(lambda number: blocking.tokens.validate(token(number), expected))
        if where == "threads"
        else in_tasks(lambda number: tasks.tokens.validate(token(number), expected))
    )
    assert [claims.subject for claims in found] == [people[n % 20]["subject"] for n in range(MANY)]
    assert len(emulator.requests("oauth.keys")) == 1


def login(emulator: Emulator) -> tuple[str, LoginTransaction]:
    options = LoginOptions(redirect_uri="http://127.0.0.1:9/callback", scopes=["openid", "offline_access"])
    started = ScalekitClient(*emulator.credentials).login.start(options)
    return follow(started.authorization_url), started.transaction


def due_session(emulator: Emulator) -> LoginSession:
    """A session that needs a refresh now, made by editing its text."""
    outcome = ScalekitClient(*emulator.credentials).login.finish(*login(emulator))
    text = json.loads(outcome.session.to_text().reveal())
    text["refresh_at"] = "2020-01-01T00:00:00Z"
    return LoginSession.from_text(SecretText(json.dumps(text)))


@pytest.mark.parametrize("where", ["threads", "tasks"])
def test_hundred_concurrent_refreshes_send_one_request(
    clients: Clients, emulator: Emulator, where: str
) -> None:
    session = due_session(emulator)
    emulator.fault("oauth.token", "delay", ms=500)
    blocking, tasks = clients
    found: list[LoginSession] = (
        in_threads(lambda _: blocking.login.refresh_if_needed(session), 100)
        if where == "threads"
        else in_tasks(lambda _: tasks.login.refresh_if_needed(session), 100)
    )
    first, *others = found
    assert first != session
    assert all(other == first for other in others)
    assert len(emulator.requests("oauth.token")) == 2, "one login and one refresh"


def test_webhook_verifier_is_thread_safe() -> None:
    verifier, signer = WebhookVerifier([SECRET]), WebhookSigner(SECRET)

    def receive(number: int) -> Any:
        event = {"id": f"evt_{number}", "type": "user.teleported", "data": {"number": number}}
        body = json.dumps(event).encode()
        headers = signer.sign(f"msg_{number}", body)
        if number % 3 == 0:
            headers["webhook-id"] = "msg_other"
        try:
            return verifier.event(headers, body).id
        except ScalekitError.InvalidWebhook as error:
            return error.failure.code

    expected = ["wrong_signature" if number % 3 == 0 else f"evt_{number}" for number in range(MANY)]
    assert in_threads(receive) == expected


async def token_requests_arrived(emulator: Emulator, count: int, aborted: int = 0) -> None:
    await asyncio.to_thread(emulator.wait, "oauth.token", count, aborted)


def test_refresh_survives_cancelled_task(clients: Clients, emulator: Emulator) -> None:
    session = due_session(emulator)
    emulator.fault("oauth.token", "delay", ms=1000)

    async def main() -> tuple[LoginSession, LoginSession]:
        _, client = clients
        leader = asyncio.create_task(client.login.refresh_if_needed(session))
        await token_requests_arrived(emulator, 2)
        follower = asyncio.create_task(client.login.refresh_if_needed(session))
        await asyncio.sleep(0)
        leader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leader
        return await follower, await client.login.refresh_if_needed(session)

    shared, later = asyncio.run(main())
    assert shared == later != session
    assert len(emulator.requests("oauth.token")) == 2, "one login and one refresh"


def test_cancelled_finish_can_be_retried(clients: Clients, emulator: Emulator) -> None:
    callback, transaction = login(emulator)
    emulator.fault("oauth.token", "delay", forever=True)

    async def main() -> None:
        _, client = clients
        first = asyncio.create_task(client.login.finish(callback, transaction))
        await token_requests_arrived(emulator, 1)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        await token_requests_arrived(emulator, 1, aborted=1)
        assert (await client.login.finish(callback, transaction)).session.refresh_token
        with pytest.raises(ScalekitError.LoginFailed) as caught:
            await client.login.finish(callback, transaction)
        assert caught.value.failure.code == "transaction_used"

    asyncio.run(main())
