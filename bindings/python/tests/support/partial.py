"""A plugin for pytest: runs the tests for which the packages exist, and says which files it leaves out.

New versions of Python, and PyPy, lack some of the packages that users combine this one with.
`cargo xtask interpreters` uses it.
"""

from __future__ import annotations

import ast
import importlib.util
from functools import cache
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]

_left_out: dict[str, set[str]] = {}


@cache
def _missing(path: Path) -> frozenset[str]:
    """The packages that a file, or a file of `support` that it imports, needs and that do not exist."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        else:
            continue
        for name in names:
            package, _, module = name.partition(".")
            if package == "support":
                support = TESTS / "support" / f"{module}.py"
                found |= _missing(support) if support.exists() else frozenset()
            elif importlib.util.find_spec(package) is None:
                found.add(package)
    return frozenset(found)


def pytest_ignore_collect(collection_path: Path, config: Any) -> bool | None:
    if collection_path.suffix != ".py" or not collection_path.name.startswith("test_"):
        return None
    missing = _missing(collection_path)
    if not missing:
        return None
    _left_out[collection_path.name] = set(missing)
    return True


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for name, missing in sorted(_left_out.items()):
        terminalreporter.line(f"NOT RUN: {name}, because there is no {', '.join(sorted(missing))}")
