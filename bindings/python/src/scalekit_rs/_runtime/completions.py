"""The queue of completed calls of one event loop, which the library writes to a pipe."""

from __future__ import annotations

import ctypes
import os

from .buffers import cannot_fail, free
from .library import STATUS, CallStatus, check, native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar

_byref = ctypes.byref


def _function(symbol: str, arguments: tuple[Any, ...], result: Any) -> Any:
    # UniFFI has no checksums of the functions that count references.
    if not symbol.startswith(("clone_", "free_")):
        check(symbol)
    return native(f"uniffi_scalekit_fn_{symbol}", (*arguments, STATUS), result)


class Completions:
    """A pipe with entries of 16 bytes: the number of a call, and the code of its poll."""

    # Declared on first use, since a program with blocking calls needs none of them.
    _functions: ClassVar[dict[str, Any]] = {}
    callback: int = 0

    def __init__(self) -> None:
        status = CallStatus()
        self._handle = self._call("constructor_completions_new", (), ctypes.c_uint64, status)
        if status.code:
            free(status.error, cannot_fail)
            raise NotImplementedError("this system has no pipes")
        self.read_fd: int = self._get("read_fd", ctypes.c_int32)
        os.set_blocking(self.read_fd, False)
        os.set_blocking(self._get("write_fd", ctypes.c_int32), False)
        # The high bits of the number that the library passes to its callback say which queue it belongs to.
        self.tag: int = self._get("id", ctypes.c_uint64) << 40
        # The number of the call that is being polled, and its code if that is known at once.
        self.polled = ctypes.c_uint64.from_address(self._get("polled_address", ctypes.c_uint64))
        self.result = ctypes.c_uint64.from_address(self._get("result_address", ctypes.c_uint64))
        # The number of bytes that did not fit into the pipe.
        self.overflow = ctypes.c_uint64.from_address(self._get("overflow_address", ctypes.c_uint64))
        if not Completions.callback:
            Completions.callback = self._call("func_completion_callback", (), ctypes.c_uint64)

    def flush(self) -> None:
        """Writes the entries that did not fit into the pipe."""
        self._get("flush", None)

    def close(self) -> None:
        """Closes the pipe. Completions that come later are ignored."""
        handle, self._handle = getattr(self, "_handle", 0), 0
        if handle:
            # The cells of the library are freed as well.
            self.polled, self.result, self.overflow = (ctypes.c_uint64() for _ in range(3))
            self._call("free_completions", (handle,), None)

    def __del__(self) -> None:
        # As for objects, the names of this module may be cleared first.
        if ctypes is not None and cannot_fail is not None:
            self.close()

    def _get(self, method: str, result: Any) -> Any:
        clone = self._call("clone_completions", (self._handle,), ctypes.c_uint64)
        return self._call(f"method_completions_{method}", (clone,), result)

    def _call(self, symbol: str, arguments: tuple[int, ...], result: Any, status: Any = None) -> Any:
        function = self._functions.get(symbol)
        if function is None:
            function = self._functions[symbol] = _function(
                symbol, (ctypes.c_uint64,) * len(arguments), result
            )
        return function(*arguments, cannot_fail if status is None else _byref(status))
