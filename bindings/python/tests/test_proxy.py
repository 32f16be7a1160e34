"""Proxies: a small one that hands requests on to the emulator, and writes down who asked it."""

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
"""`user:pass word` as HTTP Basic writes it."""


@contextmanager
def proxy() -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    """Its URL, and what it was asked: method and path, and the credentials."""
    asked: list[tuple[str, str | None]] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def hand_on(self) -> None:
            to = urlsplit(self.path)
            asked.append((f"{self.command} {to.path}", self.headers["proxy-authorization"]))
            body = self.rfile.read(int(self.headers["content-length"] or 0))
            service = http.client.HTTPConnection(to.netloc)
            path = f"{to.path}?{to.query}" if to.query else to.path
            service.request(self.command, path, body, dict(self.headers.items()))
            answer = service.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            self.send_header("content-type", answer.headers["content-type"])
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            service.close()

        do_GET = hand_on  # noqa: N815
        do_POST = hand_on  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_proxy_receives_credentials(style_class: type[Blocking], emulator: Emulator) -> None:
    emulator.organizations(1)
    with proxy() as (url, asked):
        options = ClientOptions(proxy_url=url, proxy_username="user", proxy_password=SecretText("pass word"))
        style = style_class(emulator.credentials, options)
        assert style.call(lambda client: client.organizations.get("org_1")).id == "org_1"
        style.client.close()
    assert asked == [("POST /oauth/token", BASIC), ("GET /api/v1/organizations/org_1", BASIC)]


def test_unreachable_proxy_raises_connection_error(style_class: type[Blocking], emulator: Emulator) -> None:
    with proxy() as (url, _):
        pass
    style = style_class(emulator.credentials, ClientOptions(proxy_url=url))
    with pytest.raises(ScalekitError.Connection) as caught:
        style.call(lambda client: client.organizations.get("org_1"))
    assert "connect" in str(caught.value)
