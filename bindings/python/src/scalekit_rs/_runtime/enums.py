"""Base classes of enumerations."""

from __future__ import annotations

from enum import Enum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, ClassVar, TypeVar

    Known = TypeVar("Known", bound="OpenEnum")


class _RowValues(dict):  # type: ignore[type-arg]
    """The values of an enumeration by their form in a row: a number, or the text of an unknown value."""

    def __init__(self, kind: type[OpenEnum]) -> None:
        super().__init__({None: None})
        self._kind = kind

    def __missing__(self, text: str) -> OpenEnum:
        return self._kind(text)


class _OpenEnumType(type):
    """Makes the class iterable: `list(OrganizationFeature)` lists the known values."""

    def __iter__(cls: type[Known]) -> Iterator[Known]:  # type: ignore[misc]
        return (getattr(cls, name) for name, _ in cls._known)

    def __len__(cls) -> int:
        return len(cls._known)  # type: ignore[attr-defined]


class OpenEnum(str, metaclass=_OpenEnumType):
    """A `str` with a set of known values, which the service may extend at any time."""

    __slots__ = ()

    # Set in each subclass: the name and the text of each known value.
    _known: ClassVar[tuple[tuple[str, str], ...]] = ()
    _by_text: ClassVar[dict[str, Any]]
    _by_row: ClassVar[_RowValues]
    _numbers: ClassVar[dict[str, int]]
    _names: ClassVar[dict[str, str]]

    if TYPE_CHECKING:

        def __new__(cls: type[Known], value: str) -> Known: ...

    else:

        def __new__(cls, value):
            known = cls._by_text.get(value)
            return str.__new__(cls, value) if known is None else known

    def __init_subclass__(cls) -> None:
        cls._by_text, cls._by_row = {}, _RowValues(cls)
        for number, (name, text) in enumerate(cls._known, 1):
            member = str.__new__(cls, text)
            cls._by_text[text] = cls._by_row[number] = member
            setattr(cls, name, member)
        cls._numbers = {text: number for number, (_, text) in enumerate(cls._known, 1)}
        cls._names = {text: name for name, text in cls._known}

    @property
    def wire_value(self) -> str:
        """The value as sent to and received from the service."""
        return str(self)

    @property
    def is_known(self) -> bool:
        """Whether this version of the package knows the value."""
        return self in self._by_text

    def __repr__(self) -> str:
        name = self._names.get(self)
        kind = type(self).__name__
        return f"{kind}({str(self)!r})" if name is None else f"{kind}.{name}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from .pydantic import enum_schema

        return enum_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> Any:
        from .pydantic import json_schema

        return json_schema(cls)


class ClosedEnum(Enum):
    """An enumeration whose values are fixed."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from .pydantic import enum_schema

        return enum_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> Any:
        from .pydantic import json_schema

        return json_schema(cls)
