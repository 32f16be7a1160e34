"""Awaiting on trio, which anyio can use too."""

from __future__ import annotations

from .awaiting import Waiter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_waiters: Any = None


class TrioWaiter(Waiter):
    """Reads the pipe in a system task, which ends with the run."""

    def __init__(self) -> None:
        super().__init__()
        import trio

        trio.lowlevel.spawn_system_task(self._read)

    async def _read(self) -> None:
        import trio

        while True:
            await trio.lowlevel.wait_readable(self.read_fd)
            self.deliver()

    async def wait(self, poll: Any, handle: int) -> None:
        import trio

        while True:
            event = trio.Event()
            codes: list[int] = []

            def deliver(code: int, event: Any = event, codes: list[int] = codes) -> None:
                codes.append(code)
                event.set()

            code = self.poll(poll, handle, deliver)
            if code is None:
                await event.wait()
                code = codes[0]
            if not code:
                return


def trio_waiter() -> TrioWaiter | None:
    """The waiter of the running trio loop, or `None` outside of one."""
    import trio

    global _waiters
    try:
        trio.lowlevel.current_trio_token()
    except RuntimeError:
        return None
    if _waiters is None:
        _waiters = trio.lowlevel.RunVar("scalekit_rs")
    waiter: TrioWaiter | None = _waiters.get(None)
    if waiter is None:
        waiter = TrioWaiter()
        _waiters.set(waiter)
    return waiter
