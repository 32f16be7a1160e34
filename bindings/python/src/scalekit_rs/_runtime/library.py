"""The native library: finding it, loading it, and declaring its functions on first use."""

from __future__ import annotations

import ctypes
import os
import sys

from .._names import CHECKSUMS, CONTRACT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "_native")


class RustBuffer(ctypes.Structure):
    """Memory that the library owns."""

    _fields_ = (("capacity", ctypes.c_uint64), ("len", ctypes.c_uint64), ("data", ctypes.c_void_p))


class ForeignBytes(ctypes.Structure):
    """Memory of Python that is lent to the library during a call."""

    _fields_ = (("len", ctypes.c_int32), ("data", ctypes.c_char_p))


class BorrowedBuffer(ctypes.Structure):
    """A `ForeignBytes` that lends a buffer of the library, by its address."""

    _fields_ = (("len", ctypes.c_int32), ("data", ctypes.c_void_p))


class CallStatus(ctypes.Structure):
    """The outcome of a call; zeroed before it. Code 1 is an error of the interface, and 2 a panic."""

    _fields_ = (("code", ctypes.c_int8), ("error", RustBuffer))


class InternalError(Exception):
    """A defect in the library or in this package."""


def _file_name() -> str:
    if sys.platform == "darwin":
        return "libscalekit_ffi.dylib"
    return "scalekit_ffi.dll" if os.name == "nt" else "libscalekit_ffi.so"


def _path() -> str:
    path = os.path.join(FOLDER, _file_name())
    if os.path.exists(path):
        return path
    if not os.path.isdir(os.path.dirname(FOLDER)):
        raise ImportError(
            "scalekit_rs cannot be imported from a zip archive, because its native library must be a file. "
            "Unpack the archive, or use a tool that does, such as shiv or pex.",
            name="scalekit_rs",
            path=path,
        )
    raise ImportError(
        f"the native library {path} is missing: install the wheel of scalekit-rs for this platform, "
        "or list the folder `_native` as data of a frozen application",
        name="scalekit_rs",
        path=path,
    )


_releasing = ctypes.CDLL(_path())
# `PyDLL` keeps the interpreter lock during a call, which costs less if it returns at once. PyPy has none.
_holding = getattr(ctypes, "PyDLL", ctypes.CDLL)(_releasing._name)


def native(name: str, arguments: Sequence[Any], result: Any, *, holds_lock: bool = False) -> Any:
    """Declares a function. Its last argument is usually a pointer to a `CallStatus`."""
    function = (_holding if holds_lock else _releasing)[name]
    function.argtypes = list(arguments)
    function.restype = result
    return function


STATUS = ctypes.POINTER(CallStatus)


def check(name: str, checksum: int | None = None) -> None:
    """Raises an error if a function has another signature than the caller expects."""
    found = native(f"uniffi_scalekit_checksum_{name}", (), ctypes.c_uint16)()
    if found != (CHECKSUMS[name] if checksum is None else checksum):
        raise InternalError(f"the native library does not match this version of the package: {name}")


if native("ffi_scalekit_uniffi_contract_version", (), ctypes.c_uint32)() != CONTRACT:
    raise InternalError("the native library was built with another version of UniFFI")
