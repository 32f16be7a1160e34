"""Records, enumerations and secrets as types of pydantic fields, and so of FastAPI's bodies and responses.

Imported only when pydantic asks a class for its schema.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError, core_schema

from .docs import field_docs
from .invalid import Invalid
from .objects import Secret
from .plans import plan_of
from .records import Record, required_fields
from .unions import Union
from .values import codec


def record_schema(cls: type[Record]) -> core_schema.CoreSchema:
    """Accepts a record, or a mapping with the names of the service or of Python.

    In JSON, a record is what `to_dict` returns. In Python mode, `model_dump` keeps it, so that secrets and
    timestamps are not lost.
    """
    return core_schema.no_info_plain_validator_function(
        _named(cls, lambda value: _record(cls, value)),
        serialization=_in_json(lambda record: record.to_dict()),
        # Named, so that OpenAPI documents describe the record once.
        ref=f"{cls.__module__}.{cls.__qualname__}:{id(cls)}",
    )


def enum_schema(cls: type[Any]) -> core_schema.CoreSchema:
    """Accepts a value, or its text. In JSON, it is text."""
    of = codec(cls.__name__)

    def validate(value: Any) -> Any:
        try:
            # Unknown texts are values of an open enumeration, and errors of a closed one.
            return of.from_row(of.to_row(value))
        except Invalid as invalid:
            raise _custom(invalid.text) from None

    return core_schema.no_info_plain_validator_function(
        _named(cls, validate), serialization=_in_json(lambda value: of.to_data(value, False))
    )


def secret_schema(cls: type[Secret]) -> core_schema.CoreSchema:
    """Accepts a secret, or the value to keep secret. In JSON, it is redacted."""

    def validate(value: Any) -> Any:
        if isinstance(value, cls):
            return value
        try:
            return cls(value)  # type: ignore[call-arg]
        except Exception as error:
            raise _hidden(cls, str(error)) from None

    return core_schema.no_info_plain_validator_function(_named(cls, validate), serialization=_in_json(str))


def json_schema(cls: type[Any]) -> dict[str, Any]:
    """The JSON schema of a record, an enumeration or a secret. It ends, because no record contains itself."""
    if not issubclass(cls, Record) or cls.__dict__.get("_variants"):
        return codec(cls.__name__).schema(json_schema)
    plan, docs = plan_of(cls), field_docs(cls)
    properties = {}
    for (name, field), key in zip(plan.fields, plan.wire_names, strict=True):
        properties[key] = field.schema(json_schema)
        if name in docs:
            properties[key] = {**properties[key], "description": docs[name]}
    schema: dict[str, Any] = {"title": cls.__name__, "type": "object", "properties": properties}
    summary = (cls.__doc__ or "").partition("\n")[0]
    if summary:
        schema["description"] = summary
    required = [plan.wire_name(name) for name in required_fields(cls)]
    if required:
        schema["required"] = required
    return schema


def _named(cls: type[Any], validate: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Error messages contain the name of the function."""
    validate.__name__ = validate.__qualname__ = cls.__name__
    return validate


def _in_json(convert: Callable[[Any], Any]) -> core_schema.SerSchema:
    return core_schema.plain_serializer_function_ser_schema(convert, when_used="json-unless-none")


def _record(cls: type[Record], value: Any) -> Any:
    if isinstance(value, cls):
        return value
    if not isinstance(value, Mapping):
        raise _custom(f"must be {cls.__name__} or dict, not {type(value).__name__}")
    if issubclass(cls, Union):
        try:
            return cls.from_dict(value)
        except Exception as error:
            raise _hidden(cls, str(error)) from None
    plan = plan_of(cls)
    # Errors contain the values that they are about, and FastAPI sends them back, which is wrong for secrets.
    shown = not any(field.has_objects for field in plan.codecs)
    missing = [
        name for name in required_fields(cls) if name not in value and plan.wire_name(name) not in value
    ]
    if missing:
        given = value if shown else _HIDDEN
        raise _located(cls, [InitErrorDetails(type="missing", loc=(name,), input=given) for name in missing])
    try:
        values = plan.values_of(value)
        # The fields of a request are otherwise checked when it is sent.
        plan.rows(values)
    except Invalid as invalid:
        location = _location(invalid.steps)
        given = _value_at(value, location) if shown else _HIDDEN
        raise _located(
            cls, [InitErrorDetails(type=_custom(invalid.text), loc=location, input=given)]
        ) from None
    except Exception as error:
        raise _hidden(cls, str(error)) from None
    return cls._create(values)


_HIDDEN = "(hidden)"


def _value_at(value: Any, location: tuple[int | str, ...]) -> Any:
    for key in location:
        try:
            value = value[key]
        except (LookupError, TypeError):
            return None
    return value


def _location(steps: tuple[str, ...]) -> tuple[int | str, ...]:
    keys = [step[1:-1] if step[0] == "[" else step for step in steps]
    return tuple(int(key) if key.isdecimal() else key.strip('"') for key in keys)


def _custom(text: str) -> PydanticCustomError:
    # The text goes in as a value, because braces in it are not placeholders.
    return PydanticCustomError("scalekit", "{text}", {"text": text})


def _hidden(cls: type[Any], text: str) -> ValidationError:
    return _located(cls, [InitErrorDetails(type=_custom(text), loc=(), input=_HIDDEN)])


def _located(cls: type[Any], errors: list[InitErrorDetails]) -> ValidationError:
    return ValidationError.from_exception_data(cls.__name__, errors)
