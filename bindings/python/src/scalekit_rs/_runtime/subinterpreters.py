"""Whether this is the main interpreter of the process."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def is_main() -> bool:
    interpreters = _module()
    if interpreters is None:
        # PyPy, and builds without subinterpreters.
        return True
    return _number(interpreters.get_current()) == _number(interpreters.get_main())


def _module() -> Any:
    # Each `import` is written out, so that tools that freeze programs find it.
    try:
        # Since Python 3.13.
        import _interpreters  # type: ignore[import-not-found]

        return _interpreters
    except ImportError:
        pass
    try:
        import _xxsubinterpreters  # type: ignore[import-not-found]

        return _xxsubinterpreters
    except ImportError:
        return None


def _number(interpreter: object) -> object:
    # Python 3.13 and later return the number and where the interpreter comes from.
    return interpreter[0] if isinstance(interpreter, tuple) else interpreter
