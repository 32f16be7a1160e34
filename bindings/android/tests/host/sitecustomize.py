"""Loads the library for Android before the package does, so that its symbols are those of the libraries beside it."""

import ctypes
import os

_LIBRARY = os.environ["SCALEKIT_ANDROID_LIBRARY"]

ctypes.CDLL(_LIBRARY, mode=os.RTLD_NOW | os.RTLD_DEEPBIND)
