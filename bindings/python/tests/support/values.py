"""Converts JSON values of scenarios to arguments, and results back to JSON."""

from __future__ import annotations

import datetime
import enum
import re
from typing import Any

from scalekit_rs import SecretJson, SecretText
from scalekit_rs._runtime.enums import OpenEnum
from scalekit_rs._runtime.plans import plan_of
from scalekit_rs._runtime.records import Record
from scalekit_rs._runtime.values import codec


def from_json(shape: str, value: Any) -> Any:
    """Converts a JSON value to a value of a shape, such as `?[OrganizationFeature`."""
    if shape[0] == "?":
        return None if value is None else from_json(shape[1:], value)
    if shape[0] == "[":
        return [from_json(shape[1:], item) for item in value]
    if shape[0] == "{":
        return {key: from_json(shape[1:], item) for key, item in value.items()}
    kind = getattr(codec(shape), "cls", None)
    return record(kind, value) if kind and issubclass(kind, Record) else codec(shape).from_data(value)


def record(kind: type[Record], fields: dict[str, Any]) -> Record:
    shapes = {spec.split(" ")[0].split("=")[0]: spec.split(" ")[1] for spec in kind._fields}
    named = {field_of(kind, name): value for name, value in fields.items()}
    return kind(**{name: from_json(shapes[name], value) for name, value in named.items()})


def field_of(kind: type[Record], name: str) -> str:
    """The field with this name on the wire, where some names are in `camelCase`."""
    snake = re.sub("(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
    for candidate in (name, snake, f"_{name}"):
        if candidate in plan_of(kind).names:
            return candidate
    raise AssertionError(f"{kind.__name__} has no field {name}")


class JsonRecord(dict[str, Any]):
    """The fields of a record, accessible by their names on the wire."""

    def __init__(self, value: Record) -> None:
        super().__init__({name: to_json(getattr(value, name)) for name in plan_of(type(value)).names})
        self.kind = type(value)

    def __getitem__(self, name: str) -> Any:
        return super().__getitem__(field_of(self.kind, name))


def to_json(value: Any) -> Any:
    """Converts a result to JSON. Secrets are unchanged."""
    if isinstance(value, Record):
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
    if isinstance(value, OpenEnum):
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
