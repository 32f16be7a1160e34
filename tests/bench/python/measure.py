"""Doing the same thing again and again, and what it cost."""

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable

Call = Callable[[], object]
AsyncCall = Callable[[], Awaitable[object]]

# Before anything is counted: connections, caches and the processor's clock have settled then.
WARM_UP_SECONDS = 0.3


def _calls(call: Call, seconds: float) -> int:
    end = time.perf_counter() + seconds
    count = 0
    while count == 0 or time.perf_counter() < end:
        call()
        count += 1
    return count


async def _awaited_calls(call: AsyncCall, seconds: float) -> int:
    end = time.perf_counter() + seconds
    count = 0
    while count == 0 or time.perf_counter() < end:
        await call()
        count += 1
    return count


class _Stretch:
    """The time of this process, all threads and the kernel's work for them included."""

    def __init__(self) -> None:
        self.cpu = time.process_time()
        self.wall = time.perf_counter()

    def line(self, calls: int) -> str:
        """What the bench reads: microseconds a call."""
        wall = time.perf_counter() - self.wall
        cpu = time.process_time() - self.cpu
        return json.dumps({"wall": wall * 1e6 / calls, "cpu": cpu * 1e6 / calls})


def blocking(call: Call, seconds: float) -> str:
    """One thread."""
    _calls(call, WARM_UP_SECONDS)
    stretch = _Stretch()
    return stretch.line(_calls(call, seconds))


def threaded(call: Call, seconds: float, threads: int) -> str:
    """Several threads; the wall time of a call is that of all of them together."""
    start = threading.Barrier(threads + 1)
    counts: list[int] = []
    failures: list[BaseException] = []

    def work() -> None:
        try:
            _calls(call, WARM_UP_SECONDS)
            start.wait()
            counts.append(_calls(call, seconds))
        except BaseException as error:
            failures.append(error)
            start.abort()

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    try:
        start.wait()
        stretch = _Stretch()
    except threading.BrokenBarrierError:
        raise failures[0] from None
    finally:
        for worker in workers:
            worker.join()
    if failures:
        raise failures[0]
    return stretch.line(sum(counts))


async def awaited(call: AsyncCall, seconds: float, tasks: int) -> str:
    """So many tasks of one event loop."""
    await asyncio.gather(*(_awaited_calls(call, WARM_UP_SECONDS) for _ in range(tasks)))
    stretch = _Stretch()
    counts = await asyncio.gather(*(_awaited_calls(call, seconds) for _ in range(tasks)))
    return stretch.line(sum(counts))
