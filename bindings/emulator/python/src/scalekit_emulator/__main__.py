"""`python -m scalekit_emulator`: the same as the program `scalekit-emulator`."""

import os
import subprocess
import sys

from ._program import program


def main() -> int:
    command = [program(), *sys.argv[1:]]
    if os.name == "posix":
        # Replaces this process, so that signals reach the program.
        os.execv(command[0], command)
    try:
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        # The program has received it, too, and has stopped.
        return 130


if __name__ == "__main__":
    sys.exit(main())
