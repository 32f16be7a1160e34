"""Logins without a browser."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

from ._control import EmulatorError, Json, Response, send

if TYPE_CHECKING:
    from ._emulator import Emulator

# Nothing listens there: the emulator only puts the code into this address.
_REDIRECT_URI = "http://127.0.0.1:9/callback"


@dataclass(frozen=True)
class Tokens:
    """The tokens of a login."""

    access_token: str
    id_token: str
    refresh_token: str
    expires_in: int

    @property
    def claims(self) -> Json:
        """The claims of the ID token. Not verified."""
        return _claims(self.id_token)

    @property
    def access_claims(self) -> Json:
        """The claims of the access token. Not verified."""
        return _claims(self.access_token)

    def __repr__(self) -> str:
        return f"Tokens(sub={self.claims.get('sub')!r}, expires_in={self.expires_in})"


def follow(authorization_url: str) -> str:
    """Opens an authorization URL and returns the address to which the browser is sent: the callback of the app."""
    response = send("GET", authorization_url)
    location = response.headers.get("location")
    if response.status not in (302, 303) or not location:
        raise EmulatorError(f"the login does not lead to the callback: {_explain(response)}")
    return location


def log_in(emulator: Emulator) -> Tokens:
    """Makes a login with the emulator's own client."""
    state = secrets.token_urlsafe()
    query = {
        "response_type": "code",
        "client_id": emulator.client_id,
        "redirect_uri": _REDIRECT_URI,
        "scope": "openid profile email offline_access",
        "state": state,
        # Without it, an active session of the same browser could be used. This browser has none.
        "prompt": "login",
    }
    callback = parse_qs(urlsplit(follow(f"{emulator.url}/oauth/authorize?{urlencode(query)}")).query)
    if "code" not in callback:
        description = callback.get("error_description", callback.get("error", ["no code"]))[0]
        raise EmulatorError(f"the login failed: {description}")
    form = {
        "grant_type": "authorization_code",
        "client_id": emulator.client_id,
        "client_secret": emulator.client_secret,
        "redirect_uri": _REDIRECT_URI,
        "code": callback["code"][0],
    }
    headers = {"content-type": "application/x-www-form-urlencoded"}
    response = send("POST", f"{emulator.url}/oauth/token", urlencode(form).encode(), headers)
    if response.status != 200:
        raise EmulatorError(f"the login failed: {response.text}")
    tokens = json.loads(response.body)
    return Tokens(tokens["access_token"], tokens["id_token"], tokens["refresh_token"], int(tokens["expires_in"]))


def _claims(token: str) -> Json:
    payload = token.split(".")[1]
    claims: Json = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return claims


def _explain(response: Response) -> str:
    return f"status {response.status}\n{response.text}"
