"""Finds a public class by its name, wherever it is. Its module is imported on first use."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_found: dict[str, Any] = {}


def public(name: str) -> Any:
    found = _found.get(name)
    if found is None:
        from importlib import import_module

        from .._names import MODULES

        package = __name__.partition("._runtime")[0]
        found = _found[name] = getattr(import_module(f"{package}.{MODULES[name]}"), name)
    return found
