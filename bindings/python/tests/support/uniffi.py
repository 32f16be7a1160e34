"""UniFFI's own Python module for the native library: what this package is compared with.

The module is generated when a test needs it. It loads the library of the package, so both use its objects.
"""

from __future__ import annotations

import functools
import os
import subprocess
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from scalekit_rs._runtime import library
from scalekit_rs._runtime.library import RustBuffer

_SIMPLE = {
    "s": "String",
    "b": "Boolean",
    "i": "Int32",
    "l": "Int64",
    "d": "Float64",
    "t": "TypeTimestamp",
    "j": "TypeJson",
    "Headers": "MapStringString",
    "OptionHeaders": "MapStringString",
}
_CONTAINERS = {"?": "Optional", "[": "Sequence", "{": "MapString"}


@functools.cache
def module() -> Any:
    """Generates and loads the module."""
    native = Path(library._path())
    loaded = ModuleType("uniffi_scalekit")
    # The module loads the library from its own folder. A copy of the library would not know the same objects.
    loaded.__file__ = str(native.with_name("scalekit.py"))
    exec(compile(_source(native), "uniffi_scalekit.py", "exec"), vars(loaded))
    return loaded


def _source(native: Path) -> str:
    # Where the generator cannot run, because it needs Rust, the module was generated before.
    generated = os.environ.get("SCALEKIT_UNIFFI_PYTHON")
    if generated:
        return Path(generated).read_text("utf-8")
    generator = os.environ.get("SCALEKIT_UNIFFI_BINDGEN")
    assert generator, (
        "SCALEKIT_UNIFFI_BINDGEN must be the path of the generator; `cargo xtask test python` sets it"
    )
    with tempfile.TemporaryDirectory() as folder:
        command = [generator, "uniffi-python", "--library", str(native), "--out", folder]
        # The generator reads the configuration of the workspace, so it runs inside of it.
        subprocess.run(command, cwd=Path(__file__).parent, stdout=subprocess.DEVNULL, check=True)
        return Path(folder, "scalekit.py").read_text("utf-8")


def converter(shape: str) -> Any:
    """UniFFI's converter of a shape, such as `?[Organization`."""
    name = ""
    while shape[0] in _CONTAINERS:
        name += _CONTAINERS[shape[0]]
        shape = shape[1:]
    if shape in ("Headers", "OptionHeaders"):
        # The only types that are not named after a class, and no container has them.
        return getattr(module(), f"_UniffiFfiConverter{_SIMPLE[shape]}")
    return getattr(module(), f"_UniffiFfiConverter{name}{_SIMPLE.get(shape, f'Type{shape}')}")


def lift(shape: str, value: Any) -> Any:
    """Converts what this package passed to the library."""
    if isinstance(value, RustBuffer):
        value = module()._UniffiRustBuffer.from_buffer_copy(value)
    return converter(shape).lift(value)


def lower(shape: str, value: Any) -> Any:
    """Converts a value as if the library returned it to this package."""
    lowered = converter(shape).lower(value)
    is_buffer = isinstance(lowered, module()._UniffiRustBuffer)
    return RustBuffer.from_buffer_copy(lowered) if is_buffer else lowered
