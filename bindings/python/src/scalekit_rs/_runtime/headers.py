"""The headers of a request, in any form in which a framework has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, Union

from .invalid import WrongType

if TYPE_CHECKING:

    class _Items(Protocol):
        """What frameworks' own classes for headers have in common."""

        def items(self) -> Iterable[tuple[str, str]]: ...


# A mapping (Django, Flask, Starlette, aiohttp, `http.server`, AWS Lambda, WSGI), or pairs (ASGI).
Headers = Union[Mapping[str, str], "_Items", "Iterable[tuple[str, str]]", "Iterable[tuple[bytes, bytes]]"]


def normalized(headers: Any) -> dict[str, str]:
    """The headers as a dictionary of text.

    The values of a repeated name are joined with commas (RFC 9110, section 5.3).
    """
    found: dict[Any, Any] = {}
    for name, value in _pairs(headers):
        name, value = _text(name), _text(value)
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _pairs(headers: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(headers, (str, bytes)) or not (hasattr(headers, "items") or hasattr(headers, "__iter__")):
        raise _neither(headers)
    if isinstance(headers, Mapping) and "REQUEST_METHOD" in headers:
        yield from _of_environment(headers)
        return
    for pair in headers.items() if hasattr(headers, "items") else headers:
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise _neither(headers)
        yield tuple(pair)


def _of_environment(environment: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    """The headers in a dictionary of WSGI or CGI, such as Django's `request.META`."""
    for name, value in environment.items():
        if name.startswith("HTTP_"):
            yield name.removeprefix("HTTP_").replace("_", "-").lower(), value


def _neither(headers: Any) -> WrongType:
    return WrongType(f"must be a mapping or pairs of name and value, not {type(headers).__name__}")


def _text(value: Any) -> Any:
    # ASGI has bytes. They are ASCII, or Latin-1 in old programs (RFC 9110, section 5.5).
    if isinstance(value, (bytes, bytearray)):
        return value.decode("latin-1")
    # `multiValueHeaders` of AWS Lambda.
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return value
