"""Base classes of objects that live in the native library."""

from __future__ import annotations

import ctypes

from .buffers import cannot_fail
from .library import STATUS, native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar, TypeVar

    Self = TypeVar("Self", bound="Object")


class Object:
    """An object of the native library, by its handle. It cannot be copied or pickled."""

    __slots__ = ("__weakref__", "_handle", "_strict")

    # The names of the functions that add a reference to the object, and that release one.
    _functions: ClassVar[tuple[str, str]]
    _add_reference: ClassVar[Any]
    _release: ClassVar[Any]
    _handle: int
    # Whether a blocking call on the thread of an event loop is an error.
    _strict: bool

    def __init_subclass__(cls) -> None:
        if "_functions" in cls.__dict__:
            add, release = cls._functions
            cls._add_reference = staticmethod(_Lazy(add, ctypes.c_uint64, holds_lock=True))
            # Releasing the last reference may wait for other threads.
            cls._release = staticmethod(_Lazy(release, None, holds_lock=False))

    @classmethod
    def _of_handle(cls: type[Self], handle: int) -> Self:
        instance = cls.__new__(cls)
        instance._handle = handle
        return instance

    def _clone(self) -> int:
        """Adds a reference for the library, which releases it."""
        handle: int = type(self)._add_reference(self._handle, cannot_fail)
        return handle

    def __del__(self) -> None:
        # Absent if the constructor raised an error.
        handle = getattr(self, "_handle", None)
        # At exit, Python may clear the names of this module before the object, which ends with the process.
        if handle is not None and native is not None and cannot_fail is not None:
            type(self)._release(handle, cannot_fail)

    def __repr__(self) -> str:
        return f"<scalekit_rs.{type(self).__name__}>"

    def __copy__(self: Self) -> Self:
        return self

    def __deepcopy__(self: Self, _memo: object) -> Self:
        return self

    def __reduce__(self) -> Any:
        raise TypeError(f"{type(self).__name__} cannot be pickled")


class Secret(Object):
    """A value that is redacted wherever it is printed."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(..)"

    def __str__(self) -> str:
        return repr(self)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from .pydantic import secret_schema

        return secret_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> Any:
        from .pydantic import json_schema

        return json_schema(cls)


class _Lazy:
    """A function that takes a handle, and that is declared on first use."""

    __slots__ = ("_call", "_holds_lock", "_name", "_result")

    def __init__(self, name: str, result: Any, *, holds_lock: bool) -> None:
        self._name, self._result, self._holds_lock = name, result, holds_lock
        self._call: Any = None

    def __call__(self, handle: int, status: Any) -> Any:
        if self._call is None:
            self._call = native(
                self._name, (ctypes.c_uint64, STATUS), self._result, holds_lock=self._holds_lock
            )
        return self._call(handle, status)
