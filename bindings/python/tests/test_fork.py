"""Servers fork: a client that was used before goes on working in the children."""

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

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forking with threads is for Linux only")


def test_forked_child_can_use_clients_of_parent(emulator: Emulator) -> None:
    emulator.organizations(1)
    lines = run("fork.py", emulator).stdout.splitlines()
    answers = " org_1" * 4
    assert lines == [who + answers for who in ("parent", "child 1", "child 2", "parent again")]


def test_forked_child_fetches_its_own_keys(emulator: Emulator) -> None:
    token = emulator.control("token", {"kind": "access"})["token"]
    lines = run("fork_keys.py", emulator, token).stdout.splitlines()
    # Two clients; keys that were brought along need no fetch but the two that got them.
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
    """The application under `gunicorn --preload`. Gives its URL."""
    command = ["gunicorn", "--preload", "--workers", "2", "--bind", "127.0.0.1:0", "--timeout", "20", "wsgi"]
    server = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=FOLDER,
        env=emulator.environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stderr
        said = []
        for line in server.stderr:
            said.append(line)
            if listening := re.search(r"Listening at: (http://\S+)", line):
                yield listening[1]
                break
        else:
            raise AssertionError("".join(said))
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)


def test_gunicorn_workers_use_preloaded_client(emulator: Emulator) -> None:
    emulator.organizations(1)
    with gunicorn(emulator) as url:
        for _ in range(4):
            with urllib.request.urlopen(url, timeout=30) as answer:
                assert json.load(answer) == {"forked": True, "answers": ["org_1"] * 4}
