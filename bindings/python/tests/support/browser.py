"""The part of a browser that a login needs: it follows one redirect."""

from __future__ import annotations

import http.client
from urllib.parse import parse_qsl, urlsplit


def follow(url: str) -> str:
    """Returns the redirect location of a login or logout URL."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    try:
        connection.request("GET", f"{parts.path}?{parts.query}")
        response = connection.getresponse()
        location = response.headers["location"]
    finally:
        connection.close()
    assert location, f"{url} does not redirect: status {response.status}"
    return location


def query(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))
