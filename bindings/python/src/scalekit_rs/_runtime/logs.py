"""Log events of the library, passed on to `logging.getLogger("scalekit")`.

The library collects events, and the thread that made a call, or that runs the event loop, passes them on when
the call is done. No thread of the library runs a handler, and no lock of the library is held meanwhile.
"""

from __future__ import annotations

import ctypes
import sys

from .buffers import cannot_fail, shape_bytes, take_rows, to_library
from .library import STATUS, RustBuffer, check, native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# The library's levels by the lowest level of `logging` that includes them.
_LEVELS = ((5, 5), (10, 4), (20, 3), (30, 2), (50, 1))
_TO_LOGGING = {1: 40, 2: 30, 3: 20, 4: 10, 5: 5}

_level: int | None = None
_counter: Any = None
_seen = 0
_logger: Any = None
_set_level: Any = None
_take: Any = None
_shape = shape_bytes("[(c5.s?s?i?s?dl)")

# The attributes that every record has, so that a format may name them.
NO_DETAILS: dict[str, Any] = {"operation": None, "status": None, "request_id": None, "duration": None}


def follow_level() -> None:
    """Makes the library collect what the logger would show, in programs that import `logging`."""
    logging = sys.modules.get("logging")
    if logging is None:
        return
    level = (_logger or _prepare(logging)).getEffectiveLevel()
    if level != _level:
        _apply(level)


def _prepare(logging: Any) -> Any:
    global _logger, _set_level, _take
    check("func_set_log_level")
    check("func_take_log_events")
    _set_level = native("uniffi_scalekit_fn_func_set_log_level", (RustBuffer, STATUS), ctypes.c_int8)
    _take = native("uniffi_scalekit_fn_func_take_log_events", (STATUS,), RustBuffer)
    _logger = logging.getLogger("scalekit")
    # Without a handler of the program, `logging` itself would print warnings to standard error.
    _logger.addHandler(logging.NullHandler())
    return _logger


def _apply(level: int) -> None:
    global _level, _counter
    _level = level
    native_level = next((number for limit, number in _LEVELS if level <= limit), None)
    optional = b"\0" if native_level is None else b"\1" + native_level.to_bytes(4, "big")
    _set_level(to_library(optional), cannot_fail)
    if _counter is None:
        check("func_log_counter_address")
        address = native("uniffi_scalekit_fn_func_log_counter_address", (STATUS,), ctypes.c_uint64)(
            cannot_fail
        )
        _counter = ctypes.c_uint64.from_address(address)


def has_events() -> bool:
    return _counter is not None and _counter.value != _seen


def deliver() -> None:
    """Passes the collected events on."""
    global _seen
    _seen = _counter.value
    for level, message, operation, status, request_id, duration, dropped in take_rows(
        _shape, _take(cannot_fail)
    ):
        if dropped:
            _emit(30, f"{dropped} earlier log events were dropped", NO_DETAILS)
        extra = {"operation": operation, "status": status, "request_id": request_id, "duration": duration}
        _emit(_TO_LOGGING[level], _with_details(message, extra), extra)


def _with_details(message: str, extra: dict[str, Any]) -> str:
    """The message with its details, which most formats do not show otherwise."""
    details = [f" {name}={extra[name]}" for name in ("status", "request_id") if extra[name] is not None]
    if extra["duration"] is not None:
        details.append(f" duration={extra['duration']:.4f}")
    return "".join([f"{extra['operation']}: " if extra["operation"] else "", message, *details])


def _emit(level: int, message: str, extra: dict[str, Any]) -> None:
    if _logger.isEnabledFor(level):
        _logger.handle(
            _logger.makeRecord(_logger.name, level, "scalekit_rs", 0, message, (), None, None, extra)
        )
