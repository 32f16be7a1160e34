"""Creates and drops many clients without closing them, and prints thread counts and memory growth in KiB."""

from __future__ import annotations

import gc
from pathlib import Path

from scalekit_rs import AsyncScalekitClient, ScalekitClient


def status(key: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{key}:"))


def construct(count: int) -> None:
    for _ in range(count):
        ScalekitClient.from_env()
        AsyncScalekitClient.from_env()


def call(count: int) -> None:
    for _ in range(count):
        ScalekitClient.from_env().organizations.list()


for create, warmup, count in ((construct, 500, 5_000), (call, 50, 200)):
    create(warmup)
    gc.collect()
    threads, memory = status("Threads"), status("VmRSS")
    create(count)
    gc.collect()
    print(create.__name__, threads, status("Threads"), status("VmRSS") - memory)
