"""People log in, and an API checks their tokens: the whole of it.

    pip install fastapi uvicorn
    uvicorn --app-dir examples/python/fastapi_login app:app

It reads `SCALEKIT_ENVIRONMENT_URL`, `SCALEKIT_CLIENT_ID` and `SCALEKIT_CLIENT_SECRET`, and `APP_URL`, where
browsers reach it. `{APP_URL}/callback` must be among the redirect URIs of your client, and `{APP_URL}/` among
its post-logout redirect URIs.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Cookie, Depends, FastAPI, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
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
SECURE = APP_URL.startswith("https:")
SCOPES = ["openid", "profile", "email", "offline_access"]

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


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    async with client:
        yield


app = FastAPI(lifespan=lifespan)


def remember(response: Response, cookie: str, key: str) -> None:
    """The browser gets a random key; what it opens stays here."""
    response.set_cookie(cookie, key, httponly=True, secure=SECURE, samesite="lax")


@app.get("/login")
async def login(next: str = "/me") -> Response:
    options = LoginOptions(
        redirect_uri=f"{APP_URL}/callback",
        scopes=SCOPES,
        return_to=local_path(next),  # a link that leads away from here is forgotten
    )
    started = client.login.start(options)
    key = secrets.token_urlsafe()
    logins[key] = started.transaction
    response = RedirectResponse(started.authorization_url)
    remember(response, "app_login", key)
    return response


@app.get("/callback")
async def callback(request: Request, app_login: Annotated[str, Cookie()] = "") -> Response:
    transaction = logins.pop(app_login, None)
    if transaction is None:
        raise HTTPException(400, "No login was begun in this browser.")
    try:
        outcome = await client.login.finish(request.url.query, transaction)
    except (ScalekitError.LoginFailed, ScalekitError.LoginRequired, ScalekitError.InvalidToken) as error:
        raise HTTPException(403, str(error)) from error
    # A new key with every login: one that somebody planted before is worth nothing.
    key = secrets.token_urlsafe()
    people[key] = Person(outcome.claims.name or outcome.claims.subject, outcome.session)
    response = RedirectResponse(outcome.return_to or "/me")
    response.delete_cookie("app_login")
    remember(response, "app_session", key)
    return response


async def logged_in(app_session: Annotated[str, Cookie()] = "") -> Person:
    """Who sits at the browser, with a session that is good for another minute."""
    person = people.get(app_session)
    if person is None:
        raise HTTPException(401, "Log in at /login.")
    try:
        person.session = await client.login.refresh_if_needed(person.session)
    except ScalekitError.LoginRequired as error:
        people.pop(app_session, None)
        raise HTTPException(401, "Log in again at /login.") from error
    return person


@app.get("/me")
async def me(person: Annotated[Person, Depends(logged_in)]) -> dict[str, str]:
    return {"hello": person.name}


@app.post("/logout")
async def logout(app_session: Annotated[str, Cookie()] = "") -> Response:
    person = people.pop(app_session, None)
    token = person.session.id_token() if person else None
    home = f"{APP_URL}/" if token else None
    url = client.login.logout_url(LogoutOptions(id_token_hint=token, post_logout_redirect_uri=home))
    response = RedirectResponse(url, 303)
    response.delete_cookie("app_session")
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
async def home() -> dict[str, str]:
    return {"log in at": "/login"}
