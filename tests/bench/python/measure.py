"""Repeats a call and measures its cost."""

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable

Call = Callable[[], object]
AsyncCall = Callable[[], Awaitable[object]]

# The time before measuring starts, in which connections, caches and the processor's clock settle.
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


class _Stopwatch:
    """Wall time, and CPU time of all threads of this process in user and system mode."""

    def __init__(self) -> None:
        self.cpu = time.process_time()
        self.wall = time.perf_counter()

    def line(self, calls: int) -> str:
        """The result line for the bench, in microseconds per call."""
        wall = time.perf_counter() - self.wall
        cpu = time.process_time() - self.cpu
        return json.dumps({"wall": wall * 1e6 / calls, "cpu": cpu * 1e6 / calls})


def blocking(call: Call, seconds: float) -> str:
    """Measures one thread."""
    _calls(call, WARM_UP_SECONDS)
    stopwatch = _Stopwatch()
    return stopwatch.line(_calls(call, seconds))


def threaded(call: Call, seconds: float, threads: int) -> str:
    """Measures several threads. Wall time per call is the elapsed time divided by all calls."""
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
        stopwatch = _Stopwatch()
    except threading.BrokenBarrierError:
        raise failures[0] from None
    finally:
        for worker in workers:
            worker.join()
    if failures:
        raise failures[0]
    return stopwatch.line(sum(counts))


async def awaited(call: AsyncCall, seconds: float, tasks: int) -> str:
    """Measures concurrent tasks of one event loop."""
    await asyncio.gather(*(_awaited_calls(call, WARM_UP_SECONDS) for _ in range(tasks)))
    stopwatch = _Stopwatch()
    counts = await asyncio.gather(*(_awaited_calls(call, seconds) for _ in range(tasks)))
    return stopwatch.line(sum(counts))
