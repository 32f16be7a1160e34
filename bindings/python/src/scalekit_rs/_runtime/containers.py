"""Copies of the lists and dictionaries that are passed to a request, so that it can be changed on its own.
Dictionaries that stand for records become records.

Values of other types are returned unchanged: the call that the request is passed to rejects them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .invalid import Invalid
from .values import codec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def as_list(values: Any) -> Any:
    if isinstance(values, (str, bytes, bytearray)) or not isinstance(values, Sequence):
        return values
    return list(values)


def as_dict(values: Any) -> Any:
    return dict(values) if isinstance(values, Mapping) else values


def as_record(name: str, value: Any) -> Any:
    """A record from a dictionary with its fields. A call says where one is that does not fit."""
    if value is None or not hasattr(value, "keys"):
        return value
    of: Any = codec(name)
    try:
        return of.check(value)
    except Invalid:
        return value


def as_records(name: str, values: Any) -> Any:
    """A list of records, some of which may be dictionaries."""
    copy = as_list(values)
    return [as_record(name, value) for value in copy] if isinstance(copy, list) else copy
