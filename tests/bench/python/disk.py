"""The size of a distribution on disk."""

import re
from importlib.metadata import PackageNotFoundError, files, requires
from pathlib import Path


def megabytes(distribution: str) -> float:
    """The size of a distribution with all its dependencies."""
    found: set[str] = set()
    pending = [distribution]
    size = 0
    while pending:
        name = pending.pop()
        if name not in found:
            found.add(name)
            size += _size(name)
            pending += _dependencies(name)
    return size / 1e6


def _size(name: str) -> int:
    """The size without compiled Python, whose presence depends on the installer."""
    try:
        listed = files(name) or []
    except PackageNotFoundError:
        return 0  # a dependency for other Python versions or systems only
    paths = [Path(str(path.locate())) for path in listed if path.suffix != ".pyc"]
    return sum(path.stat().st_size for path in paths if path.is_file())


def _dependencies(name: str) -> list[str]:
    try:
        requirements = requires(name) or []
    except PackageNotFoundError:
        return []
    names = (re.match(r"[\w.-]+", text) for text in requirements if "extra ==" not in text)
    return [re.sub(r"[-_.]+", "-", found.group()).lower() for found in names if found]
