"""Blocking calls on the thread of an event loop, which stop the loop: the wrong client for the place."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Files and lines of calls that were reported.
_reported: set[tuple[str, int]] = set()


def check_thread(owner: Any, symbol: str) -> None:
    """Warns once for each place of a call. Raises an error instead if the client is strict."""
    # Programs that import neither pay two look-ups.
    asyncio, trio = sys.modules.get("asyncio.events"), sys.modules.get("trio")
    if asyncio is not None and asyncio._get_running_loop() is not None:
        _report(owner, symbol, "asyncio.to_thread")
    elif trio is not None and _runs_trio(trio):
        _report(owner, symbol, "trio.to_thread.run_sync")


def _runs_trio(trio: Any) -> bool:
    try:
        trio.lowlevel.current_trio_token()
    except (AttributeError, RuntimeError):
        # Outside of a run, or while `trio` is still being imported.
        return False
    return True


def _report(owner: Any, symbol: str, thread: str) -> None:
    name = type(owner).__name__
    method = symbol.removeprefix(f"method_{name.lower()}_")
    text = f"{name}.{method} blocks the event loop: use Async{name}.{method}, or call it with {thread}"
    if getattr(owner, "_strict", False):
        from .errors import client_error

        raise client_error("BlockingInAsync", text)
    place = _place()
    if place not in _reported:
        _reported.add(place)
        import logging

        from .logs import NO_DETAILS

        logging.getLogger("scalekit").warning("%s:%d: %s", *place, text, extra=NO_DETAILS)


def _place() -> tuple[str, int]:
    """The file and line that call the package."""
    package = __name__.partition(".")[0]
    frame: Any = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == package:
        frame = frame.f_back
    return (frame.f_code.co_filename, frame.f_lineno) if frame else ("?", 0)
