"""A FastAPI application with sign-in, sign-out, and an API that validates access tokens.

    pip install fastapi uvicorn
    uvicorn --app-dir examples/python/fastapi_login app:app

Reads `SCALEKIT_ENVIRONMENT_URL`, `SCALEKIT_CLIENT_ID`, `SCALEKIT_CLIENT_SECRET`, and `APP_URL`, the URL at
which browsers reach the application. Register `{APP_URL}/callback` as a redirect URI of your client, and
`{APP_URL}/` as a post-logout redirect URI.
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
    LoginSession,
    LoginTransaction,
    ScalekitError,
    TokenExpectations,
    local_path,
)

APP_URL = os.environ.get("APP_URL", "http://localhost:8000")
SCOPES = ["openid", "profile", "email", "offline_access"]
SECURE = APP_URL.startswith("https:")
# Browsers accept cookies with this prefix only from this host, so another subdomain cannot set them.
PREFIX = "__Host-" if SECURE else ""
LOGIN_COOKIE, SESSION_COOKIE = f"{PREFIX}app_login", f"{PREFIX}app_session"

log = logging.getLogger("app")
client = AsyncScalekitClient()
expectations = TokenExpectations(audience=ExpectedAudience.one_of([os.environ["SCALEKIT_CLIENT_ID"]]))


@dataclass
class User:
    name: str
    session: LoginSession


# In memory, to keep the example short. With several processes, use your session store: `to_text` and
# `from_text` serialize and restore transactions and sessions.
transactions: dict[str, LoginTransaction] = {}
users: dict[str, User] = {}


def store_value(store: dict[str, Any], value: Any) -> str:
    """Stores the value and returns its random key. Evicts the oldest values, to limit the memory used."""
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


def set_key_cookie(response: Response, cookie: str, key: str) -> None:
    """Sends only the key to the browser. Scripts cannot read the cookie; other sites cannot use it."""
    response.set_cookie(cookie, key, httponly=True, secure=SECURE, samesite="lax")


def delete_key_cookie(response: Response, cookie: str) -> None:
    response.delete_cookie(cookie, httponly=True, secure=SECURE, samesite="lax")


class LoginError(Exception):
    """The user is not signed in and may sign in again."""

    def __init__(self, status: int, message: str) -> None:
        self.status, self.message = status, message


@app.exception_handler(LoginError)
async def show_login_error(_: Request, error: LoginError) -> Response:
    return page(f"<p id='error'>{escape(error.message)}</p><a href='/login'>Log in</a>", error.status)


@app.exception_handler(ScalekitError)
async def show_service_error(_: Request, error: ScalekitError) -> Response:
    log.error("%s", error)
    return page("<p id='error'>The service is unavailable. Reload the page to try again.</p>", 503)


@app.get("/login")
async def login(next: str = "/me") -> Response:
    started = client.login.start(
        redirect_uri=f"{APP_URL}/callback",
        scopes=SCOPES,
        return_to=local_path(next),  # `None` for a link to another site
    )
    response = RedirectResponse(started.authorization_url)
    set_key_cookie(response, LOGIN_COOKIE, store_value(transactions, started.transaction))
    return response


@app.get("/callback")
async def callback(
    request: Request,
    login_key: Annotated[str, Cookie(alias=LOGIN_COOKIE)] = "",
    old_key: Annotated[str, Cookie(alias=SESSION_COOKIE)] = "",
) -> Response:
    transaction = transactions.pop(login_key, None)  # a transaction can be used once
    if transaction is None:
        raise LoginError(400, "No login was started in this browser.")
    try:
        outcome = await client.login.finish(request.url.query, transaction)
    except (ScalekitError.Connection, ScalekitError.Timeout):
        transactions[login_key] = transaction  # the user may reload the callback page
        raise
    except (
        ScalekitError.LoginFailed,
        ScalekitError.LoginRequired,
        ScalekitError.InvalidToken,
        ScalekitError.TokenExpired,
    ) as error:
        log.warning("%s", error)
        # Show only the code: an attacker can forge a callback with any description.
        raise LoginError(403, f"The login failed: {error.code}.") from error
    # A new key for every login prevents session fixation.
    users.pop(old_key, None)
    key = store_value(users, User(outcome.claims.name or outcome.claims.subject, outcome.session))
    response = RedirectResponse(outcome.return_to or "/me")
    delete_key_cookie(response, LOGIN_COOKIE)
    set_key_cookie(response, SESSION_COOKIE, key)
    return response


async def current_user(key: Annotated[str, Cookie(alias=SESSION_COOKIE)] = "") -> User:
    """Returns the signed-in user, whose session is valid for at least another minute."""
    user = users.get(key)
    if user is None:
        raise LoginError(401, "Log in to view this page.")
    try:
        user.session = await client.login.refresh_if_needed(user.session)
    except ScalekitError.LoginRequired as error:
        users.pop(key, None)
        raise LoginError(401, "Your session has ended.") from error
    return user


@app.get("/me")
async def me(user: Annotated[User, Depends(current_user)]) -> Response:
    button = "<form method='post' action='/logout'><button>Log out</button></form>"
    return page(f"<h1>Hello, {escape(user.name)}</h1>{button}")


def require_same_origin(origin: Annotated[str, Header()] = "") -> None:
    """Prevents cross-site request forgery. Use it for every route that changes state."""
    if origin != APP_URL:
        raise HTTPException(403, "The request came from another site.")


@app.post("/logout", dependencies=[Depends(require_same_origin)])
async def logout(key: Annotated[str, Cookie(alias=SESSION_COOKIE)] = "") -> Response:
    user = users.pop(key, None)
    token = user.session.id_token if user else None
    home = f"{APP_URL}/" if token else None
    url = client.login.logout_url(id_token_hint=token, post_logout_redirect_uri=home)
    response = RedirectResponse(url, 303)
    delete_key_cookie(response, SESSION_COOKIE)
    return response


bearer = HTTPBearer(auto_error=False)


async def caller(
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> AccessTokenClaims:
    """Returns the claims of the caller's access token. Only the first validation sends a request."""
    if credentials is None:
        raise HTTPException(401, "The access token is missing.", {"www-authenticate": "Bearer"})
    try:
        return await client.tokens.validate(credentials.credentials, expectations)
    except (ScalekitError.InvalidToken, ScalekitError.TokenExpired) as error:
        raise HTTPException(401, str(error), {"www-authenticate": 'Bearer error="invalid_token"'}) from error


@app.get("/api/reports")
async def reports(claims: Annotated[AccessTokenClaims, Depends(caller)]) -> dict[str, str]:
    if not claims.has_permission("reports:read"):
        raise HTTPException(403, "The permission reports:read is required.")
    return {"reports for": claims.subject}


@app.get("/")
async def home() -> Response:
    return page("<a href='/login'>Log in</a>")
