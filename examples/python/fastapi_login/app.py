"""People log in, and an API checks their tokens: the whole of it.

    pip install fastapi uvicorn
    uvicorn --app-dir examples/python/fastapi_login app:app

It reads `SCALEKIT_ENVIRONMENT_URL`, `SCALEKIT_CLIENT_ID` and `SCALEKIT_CLIENT_SECRET`, and `APP_URL`, where
browsers reach it. `{APP_URL}/callback` must be among the redirect URIs of your client, and `{APP_URL}/` among
its post-logout redirect URIs.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from html import escape
from typing import Annotated, Any

from fastapi import Cookie, Depends, FastAPI, Header, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from scalekit_rs import (
    AccessTokenClaims,
    AsyncScalekitClient,
    ExpectedAudience,
    LoginOptions,
    LoginSession,
    LoginTransaction,
    LogoutOptions,
    ScalekitError,
    TokenExpectations,
    local_path,
)

APP_URL = os.environ.get("APP_URL", "http://localhost:8000")
SCOPES = ["openid", "profile", "email", "offline_access"]
SECURE = APP_URL.startswith("https:")
# Names that begin like this are taken from this very host alone: no neighbour can plant a cookie.
PREFIX = "__Host-" if SECURE else ""
LOGIN, SESSION = f"{PREFIX}app_login", f"{PREFIX}app_session"

log = logging.getLogger("app")
client = AsyncScalekitClient.from_env()
for_us = TokenExpectations(audience=ExpectedAudience.one_of([os.environ["SCALEKIT_CLIENT_ID"]]))


@dataclass
class Person:
    name: str
    session: LoginSession


# In this process, to keep the example short. With several, use your session store: `to_text` and `from_text`
# write transactions and sessions down and read them back.
logins: dict[str, LoginTransaction] = {}
people: dict[str, Person] = {}


def keep(store: dict[str, Any], value: Any) -> str:
    """Gives the random key that opens it. The oldest have to go, or anybody could fill the memory."""
    while len(store) >= 100_000:
        store.pop(next(iter(store)))
    key = secrets.token_urlsafe()
    store[key] = value
    return key


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with client:
        yield


app = FastAPI(lifespan=lifespan)


def page(html: str, status: int = 200) -> Response:
    return HTMLResponse(f"<!doctype html><title>App</title>{html}", status, {"cache-control": "no-store"})


def give(response: Response, cookie: str, key: str) -> None:
    """The browser gets the key; what it opens stays here. Scripts cannot read it, nor other sites use it."""
    response.set_cookie(cookie, key, httponly=True, secure=SECURE, samesite="lax")


def take_back(response: Response, cookie: str) -> None:
    response.delete_cookie(cookie, httponly=True, secure=SECURE, samesite="lax")


class LoginError(Exception):
    """A person cannot go on here, and may log in again."""

    def __init__(self, status: int, words: str) -> None:
        self.status, self.words = status, words


@app.exception_handler(LoginError)
async def not_in(_: Request, error: LoginError) -> Response:
    return page(f"<p id='error'>{escape(error.words)}</p><a href='/login'>Log in</a>", error.status)


@app.exception_handler(ScalekitError)
async def away(_: Request, error: ScalekitError) -> Response:
    log.error("%s", error)
    return page("<p id='error'>This does not work just now. Reload the page to try again.</p>", 503)


@app.get("/login")
async def login(next: str = "/me") -> Response:
    options = LoginOptions(
        redirect_uri=f"{APP_URL}/callback",
        scopes=SCOPES,
        return_to=local_path(next),  # a link that leads away from here is forgotten
    )
    started = client.login.start(options)
    response = RedirectResponse(started.authorization_url)
    give(response, LOGIN, keep(logins, started.transaction))
    return response


@app.get("/callback")
async def callback(
    request: Request,
    login_key: Annotated[str, Cookie(alias=LOGIN)] = "",
    old_key: Annotated[str, Cookie(alias=SESSION)] = "",
) -> Response:
    transaction = logins.pop(login_key, None)  # it counts once
    if transaction is None:
        raise LoginError(400, "No login was begun in this browser.")
    try:
        outcome = await client.login.finish(request.url.query, transaction)
    except (ScalekitError.Connection, ScalekitError.Timeout):
        logins[login_key] = transaction  # but this may be tried again
        raise
    except (
        ScalekitError.LoginFailed,
        ScalekitError.LoginRequired,
        ScalekitError.InvalidToken,
        ScalekitError.TokenExpired,
    ) as error:
        log.warning("%s", error)
        # Anybody can write a callback: its code may be shown, its own words may not.
        raise LoginError(403, f"You are not logged in: {error.failure.code}.") from error
    # A new key with every login: one that somebody planted before is worth nothing.
    people.pop(old_key, None)
    key = keep(people, Person(outcome.claims.name or outcome.claims.subject, outcome.session))
    response = RedirectResponse(outcome.return_to or "/me")
    take_back(response, LOGIN)
    give(response, SESSION, key)
    return response


async def logged_in(key: Annotated[str, Cookie(alias=SESSION)] = "") -> Person:
    """Who sits at the browser, with a session that is good for another minute."""
    person = people.get(key)
    if person is None:
        raise LoginError(401, "This page is for people who are logged in.")
    try:
        person.session = await client.login.refresh_if_needed(person.session)
    except ScalekitError.LoginRequired as error:
        people.pop(key, None)
        raise LoginError(401, "Your session is over.") from error
    return person


@app.get("/me")
async def me(person: Annotated[Person, Depends(logged_in)]) -> Response:
    button = "<form method='post' action='/logout'><button>Log out</button></form>"
    return page(f"<h1>Hello, {escape(person.name)}</h1>{button}")


def from_our_own_page(origin: Annotated[str, Header()] = "") -> None:
    """For whatever changes something: a browser says whose page its form stands on."""
    if origin != APP_URL:
        raise HTTPException(403, "This was sent from another site.")


@app.post("/logout", dependencies=[Depends(from_our_own_page)])
async def logout(key: Annotated[str, Cookie(alias=SESSION)] = "") -> Response:
    person = people.pop(key, None)
    token = person.session.id_token() if person else None
    home = f"{APP_URL}/" if token else None
    url = client.login.logout_url(LogoutOptions(id_token_hint=token, post_logout_redirect_uri=home))
    response = RedirectResponse(url, 303)
    take_back(response, SESSION)
    return response


bearer = HTTPBearer(auto_error=False)


async def caller(given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> AccessTokenClaims:
    """Who calls the API. From the second token on, no check goes to the network."""
    if given is None:
        raise HTTPException(401, "No token.", {"www-authenticate": "Bearer"})
    try:
        return await client.tokens.validate(given.credentials, for_us)
    except (ScalekitError.InvalidToken, ScalekitError.TokenExpired) as error:
        raise HTTPException(401, str(error), {"www-authenticate": 'Bearer error="invalid_token"'}) from error


@app.get("/api/reports")
async def reports(claims: Annotated[AccessTokenClaims, Depends(caller)]) -> dict[str, str]:
    if not claims.has_permission("reports:read"):
        raise HTTPException(403, "This needs the permission reports:read.")
    return {"reports for": claims.subject}


@app.get("/")
async def home() -> Response:
    return page("<a href='/login'>Log in</a>")
