"""Runs type checkers over code of users, against the installed package.

python checkers.py FOLDER [CHECKER]…

`tests/typed.py` and the code of the guide must have no errors, in the strictest mode of each checker, and
`tests/typed_errors.py` must have one in each line that says so. Without CHECKER, all of them run, and the
public types of the package must be complete. FOLDER is for copies of these files, so that a checker sees the
package only where users have it: in the environment of this interpreter.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).parent
ERRORS = "typed_errors.py"
FILES = ["typed.py", "guide.py", ERRORS]
# Checkers find the package through the interpreter, or its environment.
PYTHON, ENVIRONMENT = sys.executable, sys.prefix
COMMANDS = {
    "mypy": ["--strict", "--no-pretty", "--python-executable", PYTHON],
    "pyright": ["--pythonpath", PYTHON],
    "basedpyright": ["--pythonpath", PYTHON],
    "ty": ["check", "--python", ENVIRONMENT, "--output-format", "concise"],
    "pyrefly": ["check", "--python-interpreter-path", PYTHON, "--output-format", "min-text"],
    "zuban": ["mypy", "--strict", "--no-pretty", "--python-executable", PYTHON],
}
REPORT = re.compile(rf"({'|'.join(map(re.escape, FILES))}):(\d+)")
Finding = tuple[str, int]


def prepare(folder: Path) -> set[Finding]:
    """Writes the files into the folder, and returns where errors must be."""
    folder.mkdir(parents=True, exist_ok=True)
    guide = (HERE / "README.md").read_text("utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL)
    (folder / "guide.py").write_text("\n".join(blocks), "utf-8")
    for name in ("typed.py", ERRORS):
        (folder / name).write_text((HERE / "tests" / name).read_text("utf-8"), "utf-8")
    # Each section of the guide imports what it uses.
    settings = {"include": FILES, "typeCheckingMode": "strict", "reportDuplicateImport": False}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    lines = (folder / ERRORS).read_text("utf-8").splitlines()
    return {(ERRORS, number) for number, line in enumerate(lines, 1) if line.endswith("  # error")}


def run(checker: str, folder: Path) -> tuple[set[Finding], str]:
    """The places that a checker reports, and its whole output."""
    program = shutil.which(checker, path=Path(PYTHON).parent)
    if program is None:
        raise FileNotFoundError(f"{checker} is not installed beside {PYTHON}")
    command = [program, *COMMANDS[checker], *FILES]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    found = set[Finding]()
    for line in done.stdout.splitlines():
        place = REPORT.search(line)
        if place and ": note:" not in line and re.search("error|warn", line, re.IGNORECASE):
            found.add((place[1], int(place[2])))
    return found, done.stdout + done.stderr


def is_complete(folder: Path) -> bool:
    """Whether pyright knows the type of every public name of the package."""
    path = os.pathsep.join([str(Path(PYTHON).parent), os.environ.get("PATH", "")])
    command = [str(shutil.which("pyright", path=path)), "--verifytypes", "scalekit_rs", "--ignoreexternal"]
    variables = {**os.environ, "PATH": path}
    done = subprocess.run(
        command, cwd=folder, env=variables, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        print(done.stdout + done.stderr)
    return done.returncode == 0


def listed(found: Iterable[Finding]) -> str:
    return ", ".join(f"{name}:{line}" for name, line in sorted(found))


def main(folder: Path, checkers: list[str]) -> int:
    expected = prepare(folder)
    failed = False
    for checker in checkers or list(COMMANDS):
        start = time.monotonic()
        found, output = run(checker, folder)
        seconds = time.monotonic() - start
        if found == expected:
            print(f"{checker}: as expected, {seconds:.1f} s")
            continue
        failed = True
        print(f"{output}\n{checker}: unexpected errors in {listed(found - expected) or 'no line'}")
        print(f"{checker}: no error in {listed(expected - found) or 'no line'}\n")
    if not checkers and not is_complete(folder):
        print("pyright: the types of the package are incomplete")
        failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
