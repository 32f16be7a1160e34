"""Proxies: a small proxy forwards requests to the emulator and records their credentials."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from scalekit_rs import ClientOptions, ScalekitError, SecretText

from support.emulator import Emulator
from support.styles import Blocking

BASIC = "Basic dXNlcjpwYXNzIHdvcmQ="
"""`user:pass word` in HTTP Basic authentication."""


@contextmanager
def proxy() -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    """Runs a proxy. Yields its URL and the requests it receives: method and path, and the credentials."""
    received: list[tuple[str, str | None]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self) -> None:
            target = urlsplit(self.path)
            received.append((f"{self.command} {target.path}", self.headers["proxy-authorization"]))
            body = self.rfile.read(int(self.headers["content-length"] or 0))
            service = http.client.HTTPConnection(target.netloc)
            path = f"{target.path}?{target.query}" if target.query else target.path
            service.request(self.command, path, body, dict(self.headers.items()))
            response = service.getresponse()
            body = response.read()
            self.send_response(response.status)
            self.send_header("content-type", response.headers["content-type"])
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            service.close()

        do_GET = forward  # noqa: N815
        do_POST = forward  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", received
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_proxy_receives_credentials(style_class: type[Blocking], emulator: Emulator) -> None:
    emulator.seed_organizations(1)
    with proxy() as (url, received):
        options = ClientOptions(proxy_url=url, proxy_username="user", proxy_password=SecretText("pass word"))
        style = style_class(emulator.credentials, options)
        assert style.call(lambda client: client.organizations.get("org_1")).id == "org_1"
        style.client.close()
    assert received == [("POST /oauth/token", BASIC), ("GET /api/v1/organizations/org_1", BASIC)]


def test_unreachable_proxy_raises_connection_error(style_class: type[Blocking], emulator: Emulator) -> None:
    with proxy() as (url, _):
        pass
    style = style_class(emulator.credentials, ClientOptions(proxy_url=url))
    with pytest.raises(ScalekitError.Connection) as caught:
        style.call(lambda client: client.organizations.get("org_1"))
    assert "connect" in str(caught.value)
