"""Loads the library for Android before the package does, so that its symbols are those of the libraries beside it."""

import ctypes
import os
import sys

_LIBRARY = os.environ["SCALEKIT_ANDROID_LIBRARY"]

ctypes.CDLL(_LIBRARY, mode=os.RTLD_NOW | os.RTLD_DEEPBIND)

# Tests start other processes of Python. In QEMU, the interpreter is not a program that the system can start.
sys.executable = os.environ.get("SCALEKIT_ANDROID_PYTHON", sys.executable)
