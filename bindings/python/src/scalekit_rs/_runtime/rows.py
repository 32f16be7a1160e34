"""Rows: how the fields of a response are stored, and what converts them when they are read.

A row is what the core writes for a record: a list with an element for each field, in order. Text, numbers and
booleans are themselves, a timestamp is text, a known value of an enumeration is its number.
"""

from __future__ import annotations

from datetime import datetime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    from .enums import OpenEnum
    from .records import Response

    R = TypeVar("R", bound=Response)
    E = TypeVar("E", bound=OpenEnum)

_new = object.__new__
_parse_time = datetime.fromisoformat


def time(row: str | None) -> Any:
    """A timestamp, or `None`."""
    return None if row is None else _parse_time(row)


def view(cls: type[R], row: list[Any] | None) -> Any:
    """A record over a row, or `None`."""
    if row is None:
        return None
    record = _new(cls)
    record._row = row
    return record


def views(cls: type[R], rows: list[Any] | None) -> Any:
    """A list of records, or `None`."""
    if rows is None:
        return None
    found: list[R] = []
    for row in rows:
        record = _new(cls)
        record._row = row
        found.append(record)
    return found


def member(cls: type[E], row: int | str | None) -> Any:
    """A value of an open enumeration, or `None`."""
    return cls._by_row[row]


def copied(row: Any) -> Any:
    """A copy of JSON, so that a change to it does not change the record."""
    if type(row) is dict:
        return {key: copied(value) for key, value in row.items()}
    if type(row) is list:
        return [copied(value) for value in row]
    return row
