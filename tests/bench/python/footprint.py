"""`footprint.py MODULE DISTRIBUTION`: one import in a fresh process, and what is on the disk for it.

`-` for both is Python alone. Nothing else is imported before it has been measured: the module might need it.
"""

import sys
import time


def _imported_in(module: str) -> float:
    began = time.perf_counter()
    __import__(module)
    return (time.perf_counter() - began) * 1e3


def _resident_megabytes() -> float:
    with open("/proc/self/status", encoding="ascii") as status:
        line = next(line for line in status if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1e6


def main() -> None:
    module, distribution = sys.argv[1:]
    figures = {} if module == "-" else {"import": _imported_in(module)}
    figures["rss"] = _resident_megabytes()
    import json

    from disk import megabytes

    if distribution != "-":
        figures["disk"] = megabytes(distribution)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
