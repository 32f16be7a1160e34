"""Runs programs in child processes, for tests of process-wide effects."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from .emulator import Emulator

FOLDER = Path(__file__).parents[1] / "programs"


def run(program: str, emulator: Emulator | None = None, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a file in `programs/`, or Python source code, and fails if the program fails."""
    environment = dict(emulator.child_environment if emulator else os.environ)
    # Programs use `support` as well.
    environment["PYTHONPATH"] = os.pathsep.join([str(FOLDER.parent), environment.get("PYTHONPATH", "")])
    command = [str(FOLDER / program)] if program.endswith(".py") else ["-c", program]
    done = subprocess.run(
        [sys.executable, "-W", "error", *command, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done
