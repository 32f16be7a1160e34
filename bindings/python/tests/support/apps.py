"""The example applications, each in a server process of its own."""

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
    says: IO[str]


@contextlib.contextmanager
def serving(example: str, emulator: Emulator, **environment: str) -> Iterator[App]:
    """The application under uvicorn. Nobody has to wait: the socket listens before there is a server."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        folder, module = example.split("/")
        command = ["uvicorn", "--app-dir", str(EXAMPLES / folder), "--fd", str(listener.fileno())]
        server = subprocess.Popen(
            [sys.executable, "-m", *command, "--log-level", "warning", f"{module}:app"],
            env={**emulator.environment, "APP_URL": url, **environment},
            pass_fds=[listener.fileno()],
            stdout=subprocess.PIPE,
            text=True,
        )
    # Whoever reads what it says must not wait for ever for what it does not say.
    patience = threading.Timer(60, server.kill)
    patience.start()
    try:
        assert server.stdout
        yield App(url, server.stdout)
    finally:
        patience.cancel()
        server.terminate()
        server.communicate(timeout=30)
