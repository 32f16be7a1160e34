"""A client and a server of the Model Context Protocol, with its own library: the emulator authorizes them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from mcp import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.server import MCPServer
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.shared.auth import (
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthToken,
)
from pydantic import AnyHttpUrl, AnyUrl
from scalekit_emulator import Emulator

# Its requests do not leave this process.
ORIGIN = "http://localhost:8000"
SERVER = f"{ORIGIN}/mcp"


class Introspection:
    """Asks the emulator about each token that the server receives."""

    def __init__(self, emulator: Emulator) -> None:
        self._url = f"{emulator.url}/oauth/introspect"
        self._credentials = (emulator.client_id, emulator.client_secret)

    async def verify_token(self, token: str) -> AccessToken | None:
        async with httpx2.AsyncClient(auth=self._credentials) as http:
            response = await http.post(self._url, data={"token": token})
        claims = response.raise_for_status().json()
        if not claims["active"]:
            return None
        scopes = claims["scope"].split()
        return AccessToken(token=token, client_id=claims["client_id"], scopes=scopes, resource=claims["aud"][0])


class Storage:
    """What the client keeps."""

    def __init__(self) -> None:
        self.tokens: OAuthToken | None = None
        self.client: OAuthClientInformationFull | None = None

    async def get_tokens(self) -> OAuthToken | None:
        return self.tokens

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self.tokens = tokens

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        return self.client

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self.client = client_info


class User:
    """Signs in where the client sends the browser."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._authorization_url = ""

    async def open(self, authorization_url: str) -> None:
        self._authorization_url = authorization_url

    async def sign_in(self) -> AuthorizationCodeResult:
        callback = self._emulator.login("ada@example.com", self._authorization_url)
        query = parse_qs(urlsplit(callback).query)
        return AuthorizationCodeResult(code=query["code"][0], state=query["state"][0])


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


def server(emulator: Emulator) -> MCPServer:
    auth = AuthSettings(
        issuer_url=AnyHttpUrl(f"{emulator.url}/resources/res_1"),
        resource_server_url=AnyHttpUrl(SERVER),
        validate_token_resource=True,
        required_scopes=["openid"],
    )
    made = MCPServer("words", token_verifier=Introspection(emulator), auth=auth)

    @made.tool()
    def count(text: str) -> int:
        return len(text.split())

    return made


async def call_tool(emulator: Emulator, storage: Storage) -> object:
    user = User(emulator)
    metadata = OAuthClientMetadata(
        client_name="assistant",
        redirect_uris=[AnyUrl("http://127.0.0.1:33418/callback")],
        grant_types=["authorization_code", "refresh_token"],
    )
    provider = OAuthClientProvider(SERVER, metadata, storage, user.open, user.sign_in)
    app = server(emulator).streamable_http_app()
    async with app.router.lifespan_context(app):
        mounts = {ORIGIN: httpx2.ASGITransport(app)}
        async with (
            httpx2.AsyncClient(auth=provider, mounts=mounts) as http,
            Client(streamable_http_client(SERVER, http_client=http)) as client,
        ):
            result = await client.call_tool("count", {"text": "to be or not to be"})
    return result.structured_content


def paths(emulator: Emulator) -> list[str]:
    """The path of each request that the client has sent."""
    found: list[str] = [request["path"] for request in emulator.requests()]
    return [path for path in found if path != "/oauth/introspect"]


def test_mcp_client_discovers_registers_and_signs_in(emulator: Emulator) -> None:
    storage = Storage()
    assert asyncio.run(call_tool(emulator, storage)) == {"result": 6}
    assert storage.client is not None
    assert storage.client.client_name == "assistant"
    assert storage.tokens is not None
    assert storage.tokens.refresh_token
    assert paths(emulator) == [
        "/.well-known/oauth-authorization-server/resources/res_1",
        "/resources/res_1/oauth/register",
        "/oauth/authorize",
        "/oauth/token",
    ]
    assert [request["warnings"] for request in emulator.requests()] == [[]] * len(emulator.requests())


def test_mcp_client_authorizes_again_after_its_token_is_revoked(emulator: Emulator) -> None:
    storage = Storage()
    asyncio.run(call_tool(emulator, storage))
    assert storage.tokens is not None
    assert storage.client is not None
    form = {
        "client_id": str(storage.client.client_id),
        "client_secret": str(storage.client.client_secret),
        "token": storage.tokens.access_token,
    }
    httpx2.post(f"{emulator.url}/oauth/revoke", data=form).raise_for_status()
    before = len(paths(emulator))
    assert asyncio.run(call_tool(emulator, storage)) == {"result": 6}
    # It is known already, and so it does not register again.
    assert "/resources/res_1/oauth/register" not in paths(emulator)[before:]
    assert "/oauth/token" in paths(emulator)[before:]
