"""The fault server as a child process; see tests/faults."""

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
    assert found, "SCALEKIT_FAULTS must be the path of the fault server; `cargo xtask test python` sets it"
    return found


@functools.cache
def all_cases() -> list[Case]:
    """The table of cases, from the program."""
    listed = subprocess.run([program(), "--list"], check=True, capture_output=True)
    return [Case(**case) for case in json.loads(listed.stdout)["cases"]]


class Faults:
    """The program, which runs a server for each fault case."""

    def __init__(self) -> None:
        # The program exits when its standard input closes, and so when this process exits.
        self._process = subprocess.Popen([program()], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._lock = threading.Lock()

    def stop(self) -> None:
        self._process.communicate()

    def command(self, **command: Any) -> Json:
        assert self._process.stdin
        assert self._process.stdout
        with self._lock:
            self._process.stdin.write(json.dumps(command).encode() + b"\n")
            self._process.stdin.flush()
            response: Json = json.loads(self._process.stdout.readline())
        assert "error" not in response, (command, response)
        return response

    def start(self, case: Case, target: str) -> Json:
        return self.command(start=case.name, target=target, process=os.getpid())
