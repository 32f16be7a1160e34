"""Converts JSON values of scenarios to arguments, and results back to JSON."""

from __future__ import annotations

import datetime
import enum
import re
import types
import typing
from typing import Any

from scalekit_rs import SecretJson, SecretText
from scalekit_rs._native.scalekit import _OpenEnum, _Record


def from_json(hint: Any, value: Any) -> Any:
    """Converts a JSON value to the type of a parameter."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        (some,) = (choice for choice in inner if choice is not type(None))
        return None if value is None else from_json(some, value)
    if origin is list:
        return [from_json(inner[0], item) for item in value]
    if origin is dict:
        return {key: from_json(inner[1], item) for key, item in value.items()}
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
    assert hint in (str, int, float, bool), f"unknown type: {hint}"
    return float(value) if hint is float else value


def record(kind: type[_Record], fields: dict[str, Any]) -> _Record:
    hints = typing.get_type_hints(kind)
    named = {field_of(kind, name): value for name, value in fields.items()}
    return kind(**{name: from_json(hints[name], value) for name, value in named.items()})


def field_of(kind: type[_Record], name: str) -> str:
    """The field with this name on the wire, where some names are in `camelCase`."""
    snake = re.sub("(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
    for candidate in (name, snake, f"_{name}"):
        if candidate in kind.__slots__:
            return candidate
    raise AssertionError(f"{kind.__name__} has no field {name}")


class JsonRecord(dict[str, Any]):
    """The fields of a record, accessible by their names on the wire."""

    def __init__(self, value: _Record) -> None:
        super().__init__({name: to_json(getattr(value, name)) for name in type(value).__slots__})
        self.kind = type(value)

    def __getitem__(self, name: str) -> Any:
        return super().__getitem__(field_of(self.kind, name))


def to_json(value: Any) -> Any:
    """Converts a result to JSON. Secrets are unchanged."""
    if isinstance(value, _Record):
        return JsonRecord(value)
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    if isinstance(value, datetime.datetime):
        assert value.tzinfo is datetime.timezone.utc
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, enum.Enum):
        return value.name
    if isinstance(value, _OpenEnum):
        return value.wire_value
    assert value is None or isinstance(value, bool | int | float | str | SecretText | SecretJson), repr(value)
    return value


def match(at: str, expected: Any, found: Any, bindings: dict[str, str]) -> None:
    """Asserts that a result matches the expected JSON, and binds the values that it names."""
    if isinstance(expected, dict):
        assert isinstance(found, dict), f"{at}: {found!r}"
        for key, value in expected.items():
            # A record must have the field; arbitrary JSON may omit it.
            inner = found[key] if isinstance(found, JsonRecord) else found.get(key)
            match(f"{at}.{key}", value, inner, bindings)
    elif isinstance(expected, list):
        assert isinstance(found, list), f"{at}: {found!r}"
        assert len(found) == len(expected), f"{at}: {found!r}"
        for number, (value, inner) in enumerate(zip(expected, found, strict=True)):
            match(f"{at}[{number}]", value, inner, bindings)
    elif isinstance(expected, str) and expected.startswith("$"):
        match_special(at, expected, found, bindings)
    elif isinstance(found, SecretText | SecretJson):
        assert f"{found} {found!r}" == f"{expected} {expected}", at
    else:
        same = found == expected and (isinstance(found, bool) == isinstance(expected, bool))
        assert same, f"{at}: expected {expected!r}, found {found!r}"


def match_special(at: str, expected: str, found: Any, bindings: dict[str, str]) -> None:
    matcher, _, rest = expected.partition(":")
    assert found is not None, f"{at}: no value"
    if matcher == "$bind":
        assert isinstance(found, str), f"{at}: {found!r} is not a text to bind"
        bindings[rest] = found
    elif matcher == "$secret":
        assert isinstance(found, SecretText), f"{at}: {found!r}"
        assert found.reveal() == rest, at
    else:
        assert expected == "$any", f"unknown matcher: {expected}"
