"""From the values of a scenario to those of a call, and from those of an answer back."""

from __future__ import annotations

import datetime
import enum
import re
import types
import typing
from typing import Any

from scalekit_rs import SecretJson, SecretText
from scalekit_rs._native.scalekit import _OpenEnum, _Record


def built(hint: Any, value: Any) -> Any:
    """The value that a parameter of this type takes."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        (some,) = (choice for choice in inner if choice is not type(None))
        return None if value is None else built(some, value)
    if origin is list:
        return [built(inner[0], item) for item in value]
    if origin is dict:
        return {key: built(inner[1], item) for key, item in value.items()}
    if hint is Any:
        return value
    if issubclass(hint, _Record):
        return record(hint, value)
    if issubclass(hint, enum.Enum):
        return hint[value]
    if hint is datetime.datetime:
        return datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    if issubclass(hint, _OpenEnum | SecretText | SecretJson):
        return hint(value)
    assert hint in (str, int, float, bool), f"a type that the runner does not know: {hint}"
    return float(value) if hint is float else value


def record(kind: type[_Record], fields: dict[str, Any]) -> _Record:
    hints = typing.get_type_hints(kind)
    named = {field_of(kind, name): value for name, value in fields.items()}
    return kind(**{name: built(hints[name], value) for name, value in named.items()})


def field_of(kind: type[_Record], name: str) -> str:
    """The field that has this name on the wire, where some are written `likeThis`."""
    snake = re.sub("(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
    for candidate in (name, snake, f"_{name}"):
        if candidate in kind.__slots__:
            return candidate
    raise AssertionError(f"{kind.__name__} has no field {name}")


class Written(dict[str, Any]):
    """A record as its fields, which can be asked for by their names on the wire."""

    def __init__(self, value: _Record) -> None:
        super().__init__({name: written(getattr(value, name)) for name in type(value).__slots__})
        self.kind = type(value)

    def __getitem__(self, name: str) -> Any:
        return super().__getitem__(field_of(self.kind, name))


def written(value: Any) -> Any:
    """A result as JSON, but for its secrets."""
    if isinstance(value, _Record):
        return Written(value)
    if isinstance(value, list):
        return [written(item) for item in value]
    if isinstance(value, dict):
        return {key: written(item) for key, item in value.items()}
    if isinstance(value, datetime.datetime):
        assert value.tzinfo is datetime.timezone.utc
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, _OpenEnum):
        return value.wire_value
    assert value is None or isinstance(value, bool | int | float | str | SecretText | SecretJson), repr(value)
    return value


def matches(at: str, expected: Any, found: Any, kept: dict[str, str]) -> None:
    if isinstance(expected, dict):
        assert isinstance(found, dict), f"{at}: {found!r}"
        for key, value in expected.items():
            # A record must have the field; free JSON may be without it.
            inner = found[key] if isinstance(found, Written) else found.get(key)
            matches(f"{at}.{key}", value, inner, kept)
    elif isinstance(expected, list):
        assert isinstance(found, list), f"{at}: {found!r}"
        assert len(found) == len(expected), f"{at}: {found!r}"
        for number, (value, inner) in enumerate(zip(expected, found, strict=True)):
            matches(f"{at}[{number}]", value, inner, kept)
    elif isinstance(expected, str) and expected.startswith("$"):
        matches_word(at, expected, found, kept)
    elif isinstance(found, SecretText | SecretJson):
        assert f"{found} {found!r}" == f"{expected} {expected}", at
    else:
        same = found == expected and (isinstance(found, bool) == isinstance(expected, bool))
        assert same, f"{at}: {expected!r} expected, found {found!r}"


def matches_word(at: str, expected: str, found: Any, kept: dict[str, str]) -> None:
    word, _, rest = expected.partition(":")
    assert found is not None, f"{at}: nothing"
    if word == "$bind":
        assert isinstance(found, str), f"{at}: {found!r} is no text to keep"
        kept[rest] = found
    elif word == "$secret":
        assert isinstance(found, SecretText), f"{at}: {found!r}"
        assert found.reveal() == rest, at
    else:
        assert expected == "$any", f"a matcher that the runner does not know: {expected}"
