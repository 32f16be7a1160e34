"""HTTP requests to the emulator, with the standard library only."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]
"""A JSON object."""

TIMEOUT = 30.0


class EmulatorError(Exception):
    """The emulator did not start, or rejected a command."""


class Response:
    """A response, whose body has been read."""

    def __init__(self, status: int, headers: http.client.HTTPMessage, body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")


def send(method: str, url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Response:
    """Sends a request. Does not follow redirects, and does not use a proxy: the emulator is on this machine."""
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise EmulatorError(f"{url} is not a URL of the emulator")
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=TIMEOUT)
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return Response(response.status, response.headers, response.read())
    except OSError as error:
        raise EmulatorError(f"the emulator at {parts.netloc} does not respond: {error}") from error
    finally:
        connection.close()


def control(url: str, command: str, body: Json | None, method: str) -> Json:
    """Sends a command to the control plane and returns its response."""
    data = None if body is None else json.dumps(body).encode()
    response = send(method, f"{url}/_emulator/{command}", data)
    if response.status != 200:
        raise EmulatorError(f"{command}: {_reason(response)}")
    result: Json = json.loads(response.body)
    return result


def _reason(response: Response) -> str:
    try:
        return str(json.loads(response.body)["error"])
    except (ValueError, KeyError, TypeError):
        return f"status {response.status}: {response.text}"
