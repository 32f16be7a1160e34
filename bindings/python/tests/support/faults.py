"""The server that does everything wrong, as a child process: see tests/faults."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import threading
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass
class Case:
    name: str
    targets: list[str]
    heavy: bool


def program() -> str:
    found = os.environ.get("SCALEKIT_FAULTS")
    assert found, "SCALEKIT_FAULTS must name the program: `cargo xtask test python` does that"
    return found


@functools.cache
def all_cases() -> list[Case]:
    """The table, which is part of the program."""
    listed = subprocess.run([program(), "--list"], check=True, capture_output=True)
    return [Case(**case) for case in json.loads(listed.stdout)["cases"]]


class Faults:
    """Many servers of one program, each with a fault of its own."""

    def __init__(self) -> None:
        # It ends with its standard input, and thereby with this process.
        self._process = subprocess.Popen([program()], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._lock = threading.Lock()

    def stop(self) -> None:
        self._process.communicate()

    def order(self, **order: Any) -> Json:
        assert self._process.stdin
        assert self._process.stdout
        with self._lock:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
            answer: Json = json.loads(self._process.stdout.readline())
        assert "error" not in answer, (order, answer)
        return answer

    def start(self, case: Case, target: str) -> Json:
        return self.order(start=case.name, target=target, process=os.getpid())
