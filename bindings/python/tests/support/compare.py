"""Values of this package and of UniFFI's module in one form, in which they can be compared."""

from __future__ import annotations

import enum
import inspect
import json
import struct
from typing import Any

from scalekit_rs import SecretText
from scalekit_rs._runtime.enums import ClosedEnum, OpenEnum
from scalekit_rs._runtime.errors import Error
from scalekit_rs._runtime.named import public
from scalekit_rs._runtime.objects import Object
from scalekit_rs._runtime.unions import Union

from . import uniffi
from .samples import fields_of


def plain(shape: str, value: Any) -> Any:
    """The contents of a value of this package, with their types."""
    return _contents(shape, value, _of_class)


def plain_uniffi(shape: str, value: Any) -> Any:
    """The contents of a value of UniFFI's module, with their types."""
    return _contents(shape, value, _of_uniffi_class)


def _contents(shape: str, value: Any, of_class: Any) -> Any:
    head, inner = shape[0], shape[1:]
    if head == "?":
        return None if value is None else _contents(inner, value, of_class)
    if head == "[":
        assert type(value) is list
        return [_contents(inner, item, of_class) for item in value]
    if head == "{":
        assert type(value) is dict
        return [(key, _contents(inner, item, of_class)) for key, item in value.items()]
    if len(shape) > 1 and shape not in ("Headers", "OptionHeaders", "SecretInput"):
        return of_class(public(shape), value)
    return _simple(shape, value, of_class is _of_uniffi_class)


def _simple(shape: str, value: Any, is_uniffi: bool) -> Any:
    if shape == "j":
        return json.dumps(json.loads(value) if is_uniffi and _has_json_as_text() else value)
    if shape == "d":
        return struct.pack(">d", float("nan") if value != value else value)
    if shape == "t":
        return value, value.tzinfo
    if shape == "SecretInput":
        return value.reveal() if isinstance(value, SecretText) else value
    return type(value), value


def _has_json_as_text() -> bool:
    """Whether UniFFI's module does not parse JSON, because its configuration does not say how."""
    return uniffi.module().Json is str


def _of_class(kind: Any, value: Any) -> Any:
    if issubclass(kind, OpenEnum):
        assert type(value) is kind
        return kind._numbers.get(value, str(value))
    if issubclass(kind, ClosedEnum):
        return list(kind).index(value) + 1
    if issubclass(kind, Object):
        assert type(value) is kind
        return value._handle
    if issubclass(kind, Error):
        return kind._variants.index(type(value)) + 1, plain("Failure", value.failure)
    if issubclass(kind, Union):
        return kind._variants.index(type(value)) + 1, _fields(type(value), value)
    assert type(value) is kind
    return _fields(kind, value)


def _fields(kind: Any, record: Any) -> list[Any]:
    return [plain(shape, getattr(record, name)) for name, shape in fields_of(kind)]


def _of_uniffi_class(kind: Any, value: Any) -> Any:
    if issubclass(kind, OpenEnum):
        return _variants(kind)[type(value)] if not vars(value) else value.value
    if issubclass(kind, ClosedEnum):
        return [member for member in type(value)].index(value) + 1
    if issubclass(kind, Object):
        return value._handle
    if issubclass(kind, Error):
        return _variants(kind)[type(value)], plain_uniffi("Failure", value.failure)
    if issubclass(kind, Union):
        number = _variants(kind)[type(value)]
        return number, _uniffi_fields(kind._variants[number - 1], value)
    return _uniffi_fields(kind, value)


def _uniffi_fields(kind: Any, record: Any) -> list[Any]:
    shapes = [shape for _, shape in fields_of(kind)]
    return [plain_uniffi(shape, value) for shape, value in zip(shapes, vars(record).values(), strict=True)]


def _variants(kind: Any) -> dict[type, int]:
    """The variants of UniFFI's class for an enumeration, a union or an error, and their numbers."""
    members = vars(getattr(uniffi.module(), kind.__name__)).values()
    variants = [member for member in members if isinstance(member, type)]
    return {variant: number for number, variant in enumerate(variants, 1)}


def to_uniffi(shape: str, value: Any) -> Any:
    """Creates the value of UniFFI's module that is equal to a value of this package."""
    head, inner = shape[0], shape[1:]
    if head == "?":
        return None if value is None else to_uniffi(inner, value)
    if head == "[":
        return [to_uniffi(inner, item) for item in value]
    if head == "{":
        return {key: to_uniffi(inner, item) for key, item in value.items()}
    if shape == "j":
        return json.dumps(value) if _has_json_as_text() else value
    return value if len(shape) == 1 else _to_uniffi_class(public(shape), value)


def _to_uniffi_class(kind: Any, value: Any) -> Any:
    same = getattr(uniffi.module(), kind.__name__)
    if issubclass(kind, OpenEnum):
        number = kind._numbers.get(value)
        return list(_variants(kind))[number - 1]() if number else same.UNRECOGNIZED(str(value))
    if issubclass(kind, ClosedEnum):
        assert issubclass(same, enum.Enum)
        return list(same)[list(kind).index(value)]
    if issubclass(kind, Object):
        return same._uniffi_make_instance(value._clone())
    if issubclass(kind, Error):
        variant = list(_variants(kind))[kind._variants.index(type(value))]
        return variant(to_uniffi("Failure", value.failure))
    if issubclass(kind, Union):
        variant = list(_variants(kind))[kind._variants.index(type(value))]
        return variant(*_converted_fields(type(value), value))
    # In order, though by name: UniFFI names some fields differently.
    names = inspect.signature(same).parameters
    return same(**dict(zip(names, _converted_fields(kind, value), strict=True)))


def _converted_fields(kind: Any, record: Any) -> list[Any]:
    return [to_uniffi(shape, getattr(record, name)) for name, shape in fields_of(kind)]
