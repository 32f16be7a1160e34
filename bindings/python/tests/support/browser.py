"""As much of a browser as a login needs: it goes where it is sent, once."""

from __future__ import annotations

import http.client
from urllib.parse import parse_qsl, urlsplit


def follow(url: str) -> str:
    """Where a login or a logout sends the browser."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        answer = connection.getresponse()
        location = answer.headers["location"]
    finally:
        connection.close()
    assert location, f"{url} leads nowhere, with status {answer.status}"
    return location


def query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))
