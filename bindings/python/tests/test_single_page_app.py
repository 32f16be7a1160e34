"""A single-page application in Chromium, which exchanges its code from its own origin."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from support.chromium import chromium, need_chromium
from support.emulator import Emulator

PAGE = Path(__file__).with_name("programs") / "single_page_app.html"


@contextlib.contextmanager
def serving(emulator: Emulator) -> Iterator[int]:
    """Serves the application on a free port, and nothing else: it has no server-side part."""
    text = PAGE.read_text("utf-8")
    text = text.replace("{{ISSUER}}", emulator.url).replace("{{CLIENT_ID}}", emulator.public_client_id)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def app(emulator: Emulator) -> Iterator[int]:
    need_chromium()
    with serving(emulator) as port:
        yield port


def requests(emulator: Emulator, path: str) -> list[str]:
    """The methods of the requests to a path, each with its status."""
    found = emulator.control("requests", method="GET")["requests"]
    return [f"{request['method']} {request['status']}" for request in found if request["path"] == path]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_single_page_application_logs_in_from_loopback_origin(
    emulator: Emulator, app: int, host: str
) -> None:
    emulator.control("idp/script", {"approve": {"email": "grace@acme.example"}})
    with chromium() as browser:
        browser.open(f"http://{host}:{app}/")
        browser.shows("#result", "grace@acme.example")
        browser.is_at(f"http://{host}:{app}/?code=")
    assert requests(emulator, "/oauth/token") == ["POST 200"], "a form needs no preflight request"
    assert requests(emulator, "/userinfo") == ["OPTIONS 204", "GET 200"]
    assert emulator.requests("oauth.token")[0]["headers"]["origin"] == f"http://{host}:{app}"


def test_code_of_another_login_is_rejected(emulator: Emulator, app: int) -> None:
    with chromium() as browser:
        browser.open(f"http://127.0.0.1:{app}/")
        browser.shows("#result", "ada@example.com")
        browser.driver.execute_script("location.search += '&verifier=' + 'x'.repeat(43)")
        browser.shows("#result", "Error: invalid_grant")


def test_origin_that_is_not_registered_can_read_nothing(emulator: Emulator, app: int) -> None:
    with chromium() as browser:
        browser.open(f"http://other.localhost:{app}/")
        browser.shows("#result", "TypeError: Failed to fetch")
    assert emulator.requests("oauth.authorize") == []
