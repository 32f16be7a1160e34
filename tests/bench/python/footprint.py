"""`footprint.py MODULE DISTRIBUTION`: one import in a fresh process, and its size on disk.

`-` for both measures Python alone. Other modules are imported only after measuring, because the module might
import them itself.
"""

import sys
import time


def _import_milliseconds(module: str) -> float:
    started = time.perf_counter()
    __import__(module)
    return (time.perf_counter() - started) * 1e3


def _resident_megabytes() -> float:
    with open("/proc/self/status", encoding="ascii") as status:
        line = next(line for line in status if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1e6


def main() -> None:
    module, distribution = sys.argv[1:]
    figures = {} if module == "-" else {"import": _import_milliseconds(module)}
    figures["rss"] = _resident_megabytes()
    import json

    from disk import megabytes

    if distribution != "-":
        figures["disk"] = megabytes(distribution)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
