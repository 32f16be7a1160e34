"""Adds the native library, and the modules that are imported by name on first use."""

from __future__ import annotations

from PyInstaller.utils.hooks import collect_dynamic_libs, collect_submodules

# These import packages that a program may not have. PyInstaller follows a program's own imports of them.
_OPTIONAL = ("_pyinstaller", "_runtime.on_trio", "_runtime.pydantic", "gevent", "testing")


def _is_required(name: str) -> bool:
    return not name.partition(".")[2].startswith(_OPTIONAL)


binaries = collect_dynamic_libs("scalekit_rs")
hiddenimports = collect_submodules("scalekit_rs", filter=_is_required)
