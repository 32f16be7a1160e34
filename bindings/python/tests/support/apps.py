"""Runs the example applications, each in its own server process."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .emulator import Emulator

EXAMPLES = Path(__file__).parents[4] / "examples" / "python"


@dataclass
class App:
    url: str
    stdout: IO[str]


@contextlib.contextmanager
def serving(example: str, emulator: Emulator, **environment: str) -> Iterator[App]:
    """Runs the application under uvicorn. Clients can connect at once, because the socket listens already."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        folder, module = example.split("/")
        command = ["uvicorn", "--app-dir", str(EXAMPLES / folder), "--fd", str(listener.fileno())]
        server = subprocess.Popen(
            [sys.executable, "-m", *command, "--log-level", "warning", f"{module}:app"],
            env={**emulator.child_environment, "APP_URL": url, **environment},
            pass_fds=[listener.fileno()],
            stdout=subprocess.PIPE,
            text=True,
        )
    # Ends reads of the output if the application does not write what a test expects.
    watchdog = threading.Timer(60, server.kill)
    watchdog.start()
    try:
        assert server.stdout
        yield App(url, server.stdout)
    finally:
        watchdog.cancel()
        server.terminate()
        server.communicate(timeout=30)
