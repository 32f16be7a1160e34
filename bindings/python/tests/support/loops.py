"""Event loops on which awaiting works differently."""

from __future__ import annotations

import asyncio
from typing import Any


def _reject(*arguments: Any) -> None:
    raise NotImplementedError


class PipelessLoop(asyncio.SelectorEventLoop):
    """A loop that cannot read pipes, like the default one of Windows."""

    add_reader: Any = _reject


def run_on(loop: asyncio.AbstractEventLoop, main: Any) -> Any:
    """`asyncio.run` on a given loop. Fails if a callback of the loop fails."""
    errors: list[dict[str, Any]] = []
    loop.set_exception_handler(lambda _, context: errors.append(context))
    try:
        return loop.run_until_complete(main)
    finally:
        loop.close()
        assert not errors
