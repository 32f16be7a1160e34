"""Makes and drops many clients without closing them, and says what that costs: threads, and memory in KiB."""

from __future__ import annotations

import gc
from pathlib import Path

from scalekit_rs import AsyncScalekitClient, ScalekitClient


def status(key: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{key}:"))


def constructed(count: int) -> None:
    for _ in range(count):
        ScalekitClient.from_env()
        AsyncScalekitClient.from_env()


def called(count: int) -> None:
    for _ in range(count):
        ScalekitClient.from_env().organizations.list()


for make, warm, many in ((constructed, 500, 5_000), (called, 50, 200)):
    make(warm)
    gc.collect()
    threads, memory = status("Threads"), status("VmRSS")
    make(many)
    gc.collect()
    print(make.__name__, threads, status("Threads"), status("VmRSS") - memory)
