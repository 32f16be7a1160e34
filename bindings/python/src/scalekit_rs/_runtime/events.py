"""The call that verifies a webhook and reads its event. It takes microseconds, most of them in Python."""

from __future__ import annotations

import ctypes

from . import logs
from .buffers import Out, scan_json, shape_bytes, take_text
from .errors import error_of
from .invalid import Invalid, WrongValue
from .library import STATUS, CallStatus, ForeignBytes, RustBuffer, check, native
from .values import codec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_byref = ctypes.byref
# What the library takes for the current time.
_NOW = -(1 << 63)
_NULLS = "must not contain null characters"


def _joined(headers: Any) -> bytes:
    """The names and values, separated by null characters."""
    if type(headers) is dict and "REQUEST_METHOD" not in headers:
        try:
            return _encoded(headers)
        except TypeError:
            # A value that is no text.
            pass
    from .headers import normalized

    return _encoded(normalized(headers))


def _encoded(headers: dict[str, str]) -> bytes:
    text = "\0".join([part for pair in headers.items() for part in pair])
    if text.count("\0") >= 2 * len(headers) > 0:
        raise WrongValue(_NULLS)
    return text.encode()


def _invalid(headers: Any) -> Exception:
    """The error that names the invalid header."""
    try:
        codec("Headers").write(headers, Out())
    except Invalid as invalid:
        return invalid.inside_field("headers").error()
    return WrongValue(_NULLS).inside_field("headers").error()


class EventCall:
    """Returns rows at once, where other functions return a record that is then converted."""

    _native: Any = None

    def _prepare(self) -> Any:
        check("func_webhook_event_rows")
        self._of: Any = codec("WebhookEvent")
        self._shape = shape_bytes(self._of.shape)
        self._body: Any = codec("y")
        arguments = (ctypes.c_uint64, ForeignBytes, ForeignBytes, ForeignBytes, ctypes.c_int64, STATUS)
        self._native = native("uniffi_scalekit_fn_func_webhook_event_rows", arguments, RustBuffer)
        return self._native

    def __call__(self, verifier: Any, headers: Any, body: Any, at: Any) -> Any:
        call = self._native or self._prepare()
        try:
            names = _joined(headers)
        except (Invalid, TypeError, UnicodeEncodeError):
            raise _invalid(headers) from None
        try:
            data = self._body.check(body)
        except Invalid as invalid:
            raise invalid.inside_field("body").error() from None
        seconds = _NOW if at is None else _seconds(at)
        logs.follow_level()
        status = CallStatus()
        lent = ForeignBytes(len(names), names), ForeignBytes(len(data), data)
        rows = call(verifier._clone(), self._shape, *lent, seconds, _byref(status))
        if logs.has_events():
            logs.deliver()
        if status.code:
            raise error_of(status)
        return self._of.from_row(scan_json(take_text(rows), 0)[0])


def _seconds(at: Any) -> int:
    try:
        return int(codec("t").check(at).timestamp() // 1)  # type: ignore[attr-defined]
    except Invalid as invalid:
        raise invalid.inside_field("at").error() from None
