"""`footprint.py MODULE[:NAME] DISTRIBUTION [source]`: one import in a fresh process, and its size on disk.

NAME is a name of the module that loads others when it is first used. `-` for both measures Python alone. With
`source`, the module is imported without compiled byte code, as on the first start and from a read-only file
system. Other modules are imported only after measuring, because the module might import them itself.
"""

import sys
import time


def _import_milliseconds(spec: str) -> float:
    module, _, name = spec.partition(":")
    started = time.perf_counter()
    imported = __import__(module)
    if name:
        getattr(imported, name)
    return (time.perf_counter() - started) * 1e3


def _resident_megabytes() -> float:
    with open("/proc/self/status", encoding="ascii") as status:
        line = next(line for line in status if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1e6


def _measured(spec: str) -> dict[str, float]:
    figures = {} if spec == "-" else {"import": _import_milliseconds(spec)}
    figures["rss"] = _resident_megabytes()
    return figures


def _without_byte_code(spec: str) -> str:
    """The figures of a process that imports a copy of the package."""
    import shutil
    import subprocess
    import tempfile
    from importlib.util import find_spec
    from pathlib import Path

    module = spec.partition(":")[0]
    found = find_spec(module)
    assert found is not None
    assert found.origin is not None
    with tempfile.TemporaryDirectory() as folder:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(Path(found.origin).parent, Path(folder, module), ignore=ignored)
        program = (
            f"import sys; sys.path.insert(0, {folder!r}); import footprint; footprint.print_figures({spec!r})"
        )
        command = [sys.executable, "-B", "-c", program]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def print_figures(spec: str, distribution: str = "-") -> None:
    figures = _measured(spec)
    import json

    from disk import megabytes

    if distribution != "-":
        figures["disk"] = megabytes(distribution)
    print(json.dumps(figures))


def main() -> None:
    spec, distribution, *source = sys.argv[1:]
    if source:
        print(_without_byte_code(spec))
    else:
        print_figures(spec, distribution)


if __name__ == "__main__":
    main()
