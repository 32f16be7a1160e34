"""The path of the program, which pip installs beside the other programs of the environment."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path


def program() -> str:
    """Returns the path of the program `scalekit-emulator`.

    The environment variable `SCALEKIT_EMULATOR` names another one.

    Raises:
        FileNotFoundError: the program is not where pip installs it.
    """
    chosen = os.environ.get("SCALEKIT_EMULATOR")
    if chosen:
        return chosen
    name = "scalekit-emulator" + (sysconfig.get_config_var("EXE") or "")
    places = [folder / name for folder in _folders()]
    for place in places:
        if place.is_file():
            return str(place)
    looked_at = ", ".join(str(place) for place in places)
    raise FileNotFoundError(f"the program {name} is not installed; looked for {looked_at}")


def _folders() -> Iterator[Path]:
    """The folders into which pip installs programs: for an environment, `--user`, `--target` and `--prefix`."""
    yield Path(sysconfig.get_path("scripts"))
    yield Path(sysconfig.get_path("scripts", sysconfig.get_preferred_scheme("user")))
    packages = Path(__file__).resolve().parent.parent
    inside = "Scripts" if os.name == "nt" else "bin"
    yield packages / inside
    # lib/python3.x/site-packages, or Lib/site-packages on Windows.
    yield packages.parents[1 if os.name == "nt" else 2] / inside
    yield Path(sys.executable).parent
