"""Names Python and its version in the `user-agent` header."""

from __future__ import annotations

import sys

from .buffers import cannot_fail, to_library
from .library import STATUS, RustBuffer, check, native


def identify() -> None:
    version = ".".join(map(str, sys.version_info[:3]))
    language = "pypy" if "__pypy__" in sys.builtin_module_names else "python"
    check("func_identify_caller")
    call = native("uniffi_scalekit_fn_func_identify_caller", (RustBuffer, RustBuffer, STATUS), None)
    call(to_library(language.encode()), to_library(version.encode()), cannot_fail)
