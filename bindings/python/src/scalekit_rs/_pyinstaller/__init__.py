"""Tells PyInstaller how to freeze programs that use this package. PyInstaller finds it by an entry point."""

from __future__ import annotations

import os


def get_hook_dirs() -> list[str]:
    """Returns the folder of the hook."""
    return [os.path.dirname(os.path.abspath(__file__))]
