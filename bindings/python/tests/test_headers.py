"""Headers and bodies of webhooks and interceptor requests, as frameworks have them."""

from __future__ import annotations

import array
import email.message
import http.client
import io
import wsgiref.headers
from collections.abc import Callable, ItemsView, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
import starlette.datastructures
from scalekit_rs import InterceptorVerifier, ScalekitError, WebhookSigner, WebhookVerifier

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"type": "x"}'
SIGNED = WebhookSigner(SECRET).sign("msg_1", BODY)
VERIFIER: Any = WebhookVerifier([SECRET])
# The methods differ in how headers and bodies reach the library.
METHODS = pytest.mark.parametrize("method", [VERIFIER.verify, VERIFIER.event], ids=["verify", "event"])

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


@METHODS
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
def test_other_headers_are_explained(headers: object, text: str, method: Callable[..., Any]) -> None:
    with pytest.raises(TypeError) as caught:
        method(headers, BODY)
    assert str(caught.value) == text


@METHODS
def test_header_that_is_not_utf8_is_named(method: Callable[..., Any]) -> None:
    with pytest.raises(
        ScalekitError.InvalidArgument, match=r'^`headers\["webhook-id"\]` must be valid UTF-8'
    ):
        method({**SIGNED, "webhook-id": "\udc80"}, BODY)


def test_null_character_does_not_split_a_header() -> None:
    # `event` passes names and values as one text, in which these characters separate them.
    for headers in ({**SIGNED, "x": "\0webhook-id\0msg_2"}, {"": "\0"}):
        with pytest.raises(
            ScalekitError.InvalidArgument, match=r"^`headers` must not contain null characters"
        ):
            VERIFIER.event(headers, BODY)


@METHODS
def test_missing_headers_are_reported(method: Callable[..., Any]) -> None:
    with pytest.raises(ScalekitError.InvalidWebhook) as caught:
        method({}, BODY)
    assert caught.value.code == "missing_header"


@METHODS
def test_time_may_be_given(method: Callable[..., Any]) -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, 678, timezone.utc)
    signed = WebhookSigner(SECRET).sign("msg_1", BODY, at)
    method(signed, BODY, at)
    method(signed, BODY, at + timedelta(seconds=300))
    with pytest.raises(ScalekitError.InvalidWebhook):
        method(signed, BODY, at + timedelta(seconds=301))
    with pytest.raises(ScalekitError.InvalidWebhook):
        method(signed, BODY)
    with pytest.raises(TypeError, match=r"^`at` must be datetime, not int$"):
        method(signed, BODY, 7)


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
    assert VERIFIER.event(SIGNED, BODIES[form]()).event_type == "x"
    signed = WebhookSigner(SECRET).sign("msg_2", BODIES[form]())
    assert VERIFIER.verify(signed, BODY).id == "msg_2"


@METHODS
@pytest.mark.parametrize("body", [BODY.decode(), {"type": "x"}])
def test_decoded_body_is_rejected_with_reason(body: object, method: Callable[..., Any]) -> None:
    with pytest.raises(
        TypeError, match=r"^`body` must be bytes, not (str|dict): pass the body as received, because"
    ):
        method(SIGNED, body)
