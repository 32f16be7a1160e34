"""Programs that run in processes of their own: what they do to their process is part of the test."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from .emulator import Emulator

FOLDER = Path(__file__).parents[1] / "programs"


def run(program: str, emulator: Emulator | None = None, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs one of `programs/`, or Python text, and fails when it fails."""
    command = [str(FOLDER / program)] if program.endswith(".py") else ["-c", program]
    done = subprocess.run(
        [sys.executable, "-W", "error", *command, *arguments],
        env=emulator.environment if emulator else None,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done
