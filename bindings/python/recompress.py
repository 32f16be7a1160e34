"""Compresses the files of a wheel as well as possible, which `wheel pack` has no option for.

python recompress.py WHEEL
"""

from __future__ import annotations

import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

BEST = 9


def main() -> None:
    wheel = Path(sys.argv[1])
    smaller = wheel.with_suffix(".smaller")
    with ZipFile(wheel) as old, ZipFile(smaller, "w") as new:
        for file in old.infolist():
            new.writestr(file, old.read(file), ZIP_DEFLATED, BEST)
    smaller.replace(wheel)


if __name__ == "__main__":
    main()
