"""What a distribution takes on the disk."""

import re
from importlib.metadata import PackageNotFoundError, files, requires
from pathlib import Path


def megabytes(distribution: str) -> float:
    """The distribution with all that it needs."""
    found: set[str] = set()
    todo = [distribution]
    size = 0
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            size += _size(name)
            todo += _needed(name)
    return size / 1e6


def _size(name: str) -> int:
    """Without compiled Python: whether that is there depends on who installed it."""
    try:
        listed = files(name) or []
    except PackageNotFoundError:
        return 0  # needed elsewhere: by another Python, on another system
    paths = [Path(str(path.locate())) for path in listed if path.suffix != ".pyc"]
    return sum(path.stat().st_size for path in paths if path.is_file())


def _needed(name: str) -> list[str]:
    try:
        requirements = requires(name) or []
    except PackageNotFoundError:
        return []
    names = (re.match(r"[\w.-]+", text) for text in requirements if "extra ==" not in text)
    return [re.sub(r"[-_.]+", "-", found.group()).lower() for found in names if found]
