"""Forking: clients that the parent process used work in child processes."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import pytest

from support.emulator import Emulator
from support.programs import FOLDER, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks a process that has threads")


def test_forked_child_can_use_clients_of_parent(emulator: Emulator) -> None:
    emulator.seed_organizations(1)
    lines = run("fork.py", emulator).stdout.splitlines()
    ids = " org_1" * 4
    assert lines == [process + ids for process in ("parent", "child 1", "child 2", "parent again")]


def test_forked_child_fetches_its_own_keys(emulator: Emulator) -> None:
    token = emulator.control("token", {"kind": "access"})["token"]
    lines = run("fork_keys.py", emulator, token).stdout.splitlines()
    # Each of the two clients fetches once per process. The last two fetches only get the keys to preload.
    assert lines == [
        "early child 2",
        "early child again 2",
        "parent 4",
        "child 6",
        "child again 6",
        "parent again 6",
        "child with keys from its parent 8",
        "child with keys from its parent again 8",
    ]


@contextlib.contextmanager
def gunicorn(emulator: Emulator) -> Iterator[str]:
    """Runs the application under `gunicorn --preload`. Yields its URL."""
    command = ["gunicorn", "--preload", "--workers", "2", "--bind", "127.0.0.1:0", "--timeout", "20", "wsgi"]
    server = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=FOLDER,
        env=emulator.child_environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stderr
        output = []
        for line in server.stderr:
            output.append(line)
            if listening := re.search(r"Listening at: (http://\S+)", line):
                yield listening[1]
                break
        else:
            raise AssertionError("".join(output))
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)


def test_gunicorn_workers_use_preloaded_client(emulator: Emulator) -> None:
    emulator.seed_organizations(1)
    with gunicorn(emulator) as url:
        for _ in range(4):
            with urllib.request.urlopen(url, timeout=30) as response:
                assert json.load(response) == {"forked": True, "ids": ["org_1"] * 4}
