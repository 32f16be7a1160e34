"""Copies of the lists and dictionaries that are passed to a request, so that it can be changed on its own.

Values of other types are returned unchanged: the call that the request is passed to rejects them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def as_list(values: Any) -> Any:
    if isinstance(values, (str, bytes, bytearray)) or not isinstance(values, Sequence):
        return values
    return list(values)


def as_dict(values: Any) -> Any:
    return dict(values) if isinstance(values, Mapping) else values
