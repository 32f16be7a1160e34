"""Headers and bodies of webhooks and interceptor requests, as frameworks have them."""

from __future__ import annotations

import array
import email.message
import http.client
import io
import wsgiref.headers
from collections.abc import Callable, ItemsView, Mapping
from typing import Any

import httpx
import pytest
import starlette.datastructures
from scalekit_rs import InterceptorVerifier, ScalekitError, WebhookSigner, WebhookVerifier

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"type": "x"}'
SIGNED = WebhookSigner(SECRET).sign("msg_1", BODY)
VERIFIER: Any = WebhookVerifier([SECRET])

ENVIRONMENT = {
    "REQUEST_METHOD": "POST",
    "CONTENT_TYPE": "application/json",
    "wsgi.version": (1, 0),
    **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in SIGNED.items()},
}


class DjangoHeaders(Mapping[str, str]):
    """Like `django.http.request.HttpHeaders`: ignores case, and has title-cased names."""

    def __init__(self, headers: dict[str, str]) -> None:
        self._headers = {name.title(): value for name, value in headers.items()}

    def __getitem__(self, name: str) -> str:
        return self._headers[name.title()]

    def __iter__(self) -> Any:
        return iter(self._headers)

    def __len__(self) -> int:
        return len(self._headers)


class WerkzeugHeaders:
    """Like `werkzeug.datastructures.Headers`: no mapping, but `items` and iteration over pairs."""

    def __init__(self, headers: dict[str, str]) -> None:
        self._pairs = list(headers.items())

    def items(self) -> Any:
        yield from self._pairs

    def __iter__(self) -> Any:
        return iter(self._pairs)


class AiohttpHeaders(Mapping[str, str]):
    """Like `multidict.CIMultiDictProxy`: `items` has a pair for each value of a name."""

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self._pairs = pairs

    def __getitem__(self, name: str) -> str:
        return {key.lower(): value for key, value in self._pairs}[name.lower()]

    def __iter__(self) -> Any:
        return (name for name, _ in self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def items(self) -> ItemsView[str, str]:
        pairs: Any = list(self._pairs)
        return pairs  # type: ignore[no-any-return]


def message(headers: dict[str, str]) -> email.message.Message:
    found = email.message.Message()
    for name, value in headers.items():
        found[name] = value
    return found


def received(headers: dict[str, str]) -> http.client.HTTPMessage:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return http.client.parse_headers(io.BytesIO(f"{lines}\r\n".encode()))


FORMS: dict[str, Callable[[], Any]] = {
    "dict": lambda: SIGNED,
    "other case": lambda: {name.upper(): value for name, value in SIGNED.items()},
    "starlette": lambda: starlette.datastructures.Headers(SIGNED),
    "httpx": lambda: httpx.Headers(SIGNED),
    "asgi": lambda: [(name.encode(), value.encode()) for name, value in SIGNED.items()],
    "asgi lists": lambda: [[name.encode(), value.encode()] for name, value in SIGNED.items()],
    "django": lambda: DjangoHeaders(SIGNED),
    "django meta": lambda: ENVIRONMENT,
    "werkzeug": lambda: WerkzeugHeaders(SIGNED),
    "aiohttp": lambda: AiohttpHeaders(*SIGNED.items()),
    "http.server": lambda: message(SIGNED),
    "http.client": lambda: received(SIGNED),
    "wsgiref": lambda: wsgiref.headers.Headers(list(SIGNED.items())),
    "lambda": lambda: {"Host": "example.com", **SIGNED},
    "lambda multiple": lambda: {name: [value] for name, value in SIGNED.items()},
    "iterator": lambda: iter(SIGNED.items()),
}


@pytest.mark.parametrize("form", FORMS)
def test_headers_are_accepted_in_form_of_framework(form: str) -> None:
    assert VERIFIER.verify(FORMS[form](), BODY).id == "msg_1"
    assert VERIFIER.event(FORMS[form](), BODY).event_type == "x"


def test_interceptor_accepts_same_forms() -> None:
    signed = WebhookSigner(SECRET).sign_interceptor("req_1", BODY)
    verifier: Any = InterceptorVerifier([SECRET])
    pairs = [(name.encode(), value.encode()) for name, value in signed.items()]
    for headers in (signed, starlette.datastructures.Headers(signed), pairs, message(signed)):
        assert verifier.verify(headers, BODY).id == "req_1"


def test_values_of_repeated_name_are_joined() -> None:
    # A second signature, as while a secret is rotated. Other names may be repeated as well.
    pairs = [*SIGNED.items(), ("cookie", "a=1"), ("cookie", "b=2")]
    assert VERIFIER.verify(AiohttpHeaders(*pairs), BODY).id == "msg_1"
    doubled = [*SIGNED.items(), ("webhook-id", "msg_2")]
    with pytest.raises(ScalekitError.InvalidWebhook):
        VERIFIER.verify(doubled, BODY)


def test_bytes_of_headers_may_have_any_encoding() -> None:
    pairs = [(name.encode(), value.encode()) for name, value in SIGNED.items()]
    assert VERIFIER.verify([*pairs, (b"x-name", b"M\xfcller")], BODY).id == "msg_1"


@pytest.mark.parametrize(
    ("headers", "text"),
    [
        ("webhook-id: x", "`headers` must be a mapping or pairs of name and value, not str"),
        (b"webhook-id: x", "`headers` must be a mapping or pairs of name and value, not bytes"),
        (None, "`headers` must be a mapping or pairs of name and value, not NoneType"),
        (7, "`headers` must be a mapping or pairs of name and value, not int"),
        (["webhook-id"], "`headers` must be a mapping or pairs of name and value, not list"),
        ({"webhook-id": 7}, '`headers["webhook-id"]` must be str, not int'),
    ],
)
def test_other_headers_are_explained(headers: object, text: str) -> None:
    with pytest.raises(TypeError) as caught:
        VERIFIER.verify(headers, BODY)
    assert str(caught.value) == text


BODIES: dict[str, Callable[[], Any]] = {
    "bytes": lambda: BODY,
    "bytearray": lambda: bytearray(BODY),
    "memoryview": lambda: memoryview(BODY),
    "array": lambda: array.array("B", BODY),
    "buffer": lambda: io.BytesIO(BODY).getbuffer(),
    "part": lambda: memoryview(b"--" + BODY + b"--")[2:-2],
}


@pytest.mark.parametrize("form", BODIES)
def test_bodies_are_accepted_as_any_bytes(form: str) -> None:
    assert VERIFIER.verify(SIGNED, BODIES[form]()).id == "msg_1"
    signed = WebhookSigner(SECRET).sign("msg_2", BODIES[form]())
    assert VERIFIER.verify(signed, BODY).id == "msg_2"


@pytest.mark.parametrize("body", [BODY.decode(), {"type": "x"}])
def test_decoded_body_is_rejected_with_reason(body: object) -> None:
    with pytest.raises(
        TypeError, match=r"^`body` must be bytes, not (str|dict): pass the body as received, because"
    ):
        VERIFIER.verify(SIGNED, body)
