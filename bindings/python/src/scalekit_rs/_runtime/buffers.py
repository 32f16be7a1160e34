"""Buffers: passing bytes to the native library, and reading its results."""

from __future__ import annotations

import ctypes
import struct

from .library import STATUS, BorrowedBuffer, CallStatus, ForeignBytes, RustBuffer, check, native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_byref = ctypes.byref
_string_at = ctypes.string_at
# For functions that cannot fail: they copy bytes whose length is checked, free a buffer, or count a handle.
cannot_fail = _byref(CallStatus())
_from_bytes = native(
    "ffi_scalekit_rustbuffer_from_bytes", (ForeignBytes, STATUS), RustBuffer, holds_lock=True
)
free = native("ffi_scalekit_rustbuffer_free", (RustBuffer, STATUS), None, holds_lock=True)
check("func_rows_of")
_rows_of = native("uniffi_scalekit_fn_func_rows_of", (ForeignBytes, BorrowedBuffer, STATUS), RustBuffer)

pack_i8 = struct.Struct(">b").pack
pack_i32 = struct.Struct(">i").pack
pack_i64 = struct.Struct(">q").pack
pack_u32 = struct.Struct(">I").pack
pack_u64 = struct.Struct(">Q").pack
pack_double = struct.Struct(">d").pack

MAX_LENGTH = 0x7FFFFFFF


class Out(bytearray):
    """A serialized argument. The objects in it are passed last, when nothing can fail any more: each pass
    adds a reference, which the library releases.
    """

    __slots__ = ("objects",)

    objects: list[tuple[int, Any]]

    def __init__(self) -> None:
        self.objects = []

    def finish(self) -> bytes:
        for at, value in self.objects:
            self[at : at + 8] = pack_u64(value._clone())
        return bytes(self)


def to_library(data: bytes) -> RustBuffer:
    """Copies bytes into a buffer that the library owns."""
    buffer: RustBuffer = _from_bytes(ForeignBytes(len(data), data), cannot_fail)
    return buffer


def take_text(buffer: RustBuffer, errors: str = "strict") -> str:
    """Reads UTF-8 and frees the buffer."""
    try:
        return _string_at(buffer.data, buffer.len).decode("utf-8", errors) if buffer.len else ""
    finally:
        free(buffer, cannot_fail)


def take_rows(shape: ForeignBytes, buffer: RustBuffer) -> Any:
    """Reads a serialized value as a row, and frees the buffer."""
    status = CallStatus()
    try:
        text = _rows_of(shape, BorrowedBuffer(buffer.len, buffer.data), _byref(status))
    finally:
        free(buffer, cannot_fail)
    if status.code:
        from .errors import raise_internal

        raise_internal("the native library returned a value that its interface does not describe", status)
    return scan_json(take_text(text), 0)[0]


def shape_bytes(shape: str) -> ForeignBytes:
    data = shape.encode()
    return ForeignBytes(len(data), data)


_scan: Any = None


def scan_json(text: str, at: int) -> Any:
    """Parses JSON. `json` is imported on first use, because its import takes time."""
    global _scan
    if _scan is None:
        from json import JSONDecoder

        decoder: Any = JSONDecoder()
        _scan = decoder.scan_once
    return _scan(text, at)
