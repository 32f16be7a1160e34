"""Base classes of records: responses, which are views of rows, and requests, which the program fills."""

from __future__ import annotations

from .invalid import Invalid, WrongType, near_miss, wrong_type
from .plans import plan_of
from .rows import views
from .values import Codec, SecretInput

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, ClassVar, TypeVar

    from .buffers import Out
    from .plans import Plan

    Self = TypeVar("Self", bound="Record")

_new = object.__new__


class Record:
    """What requests and responses have in common."""

    __slots__ = ()

    # Set in each subclass: name and shape of each field.
    _fields: ClassVar[tuple[str, ...]] = ()
    _plan: ClassVar[Plan | None] = None

    def __init_subclass__(cls) -> None:
        # Not that of the class it inherits from.
        cls._plan = None

    @classmethod
    def _create(cls: type[Self], values: dict[str, Any]) -> Self:
        raise NotImplementedError

    def to_dict(self, *, reveal_secrets: bool = False) -> dict[str, Any]:
        """Returns the fields as plain data, with the service's names: text, numbers, lists and dictionaries.

        Absent fields are omitted. Timestamps are text as in RFC 3339. Secrets are redacted unless
        `reveal_secrets` is true.
        """
        try:
            return dict(plan_of(type(self)).data(self, reveal_secrets))
        except Invalid as invalid:
            raise invalid.error() from None

    def to_json(self, *, reveal_secrets: bool = False) -> str:
        """Returns `to_dict` as JSON text."""
        import json

        return json.dumps(self.to_dict(reveal_secrets=reveal_secrets), ensure_ascii=False)

    @classmethod
    def from_dict(cls: type[Self], data: Mapping[str, Any]) -> Self:
        """Creates a record from plain data with the service's names, as `to_dict` returns it.

        Unknown names are ignored. Raises `TypeError` or `ScalekitError.InvalidArgument` if a
        value is invalid.
        """
        if not hasattr(data, "keys"):
            raise TypeError(f"`data` must be dict, not {type(data).__name__}")
        try:
            return cls._create(plan_of(cls).values_of(data))
        except Invalid as invalid:
            raise invalid.error() from None

    def __repr__(self) -> str:
        shown = []
        for name, field in plan_of(type(self)).fields:
            value = getattr(self, name)
            if value is None:
                continue
            if field.has_objects and isinstance(value, str):
                # A secret that is still text.
                shown.append(f"{name}=SecretText(..)")
                continue
            if field.has_objects and hasattr(value, "keys"):
                # A dictionary in place of a record, which may contain secrets as text.
                shown.append(f"{name}={{..}}")
                continue
            # Headers may hold secrets, such as the API key of a gateway, so only their names are shown.
            value = list(value) if name == "headers" and isinstance(value, dict) else value
            shown.append(f"{name}={value!r}")
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def __replace__(self: Self, /, **changes: Any) -> Self:
        """Implements `copy.replace`, which Python has since 3.13."""
        values = {name: getattr(self, name) for name in plan_of(type(self)).names}
        return type(self)(**{**values, **changes})

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from .pydantic import record_schema

        return record_schema(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> Any:
        from .pydantic import json_schema

        return json_schema(cls)


class Response(Record):
    """A record that the service returns: an immutable view of a row. A field is converted when it is read."""

    __slots__ = ("_row",)

    _row: list[Any]

    def __init__(self, **fields: Any) -> None:
        self._set_row(fields)

    def _set_row(self, fields: dict[str, Any]) -> None:
        plan = plan_of(type(self))
        _check_names(type(self), plan, fields)
        try:
            row = plan.rows(fields)
        except Invalid as invalid:
            raise invalid.error() from None
        object.__setattr__(self, "_row", row)

    @classmethod
    def _create(cls: type[Self], values: dict[str, Any]) -> Self:
        return cls(**values)

    def _read(self, at: int) -> Any:
        """Converts a field of any type."""
        row = self._row[at]
        plan = type(self)._plan or plan_of(type(self))
        return None if row is None else plan.codecs[at].from_row(row)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._row == other._row

    def __hash__(self) -> int:
        return hash((type(self), _frozen(self._row)))

    def __copy__(self: Self) -> Self:
        return self

    def __deepcopy__(self: Self, _memo: object) -> Self:
        return self

    def __reduce__(self) -> Any:
        # By name, so that a newer version, which may have more fields, reads it.
        plan = plan_of(type(self))
        if any(field.has_objects for field in plan.codecs):
            raise TypeError(f"{type(self).__name__} cannot be pickled, because it contains secrets")
        return _restore, (type(self), 1, self.to_dict())


def _restore(cls: type[Self], version: int, data: dict[str, Any]) -> Self:
    """Reads a pickled record. The version is that of this format, which a later one can read."""
    return cls.from_dict(data)


def _frozen(row: Any) -> Any:
    if isinstance(row, list):
        return tuple([_frozen(element) for element in row])
    if isinstance(row, dict):
        return frozenset([(key, _frozen(element)) for key, element in row.items()])
    return row


class Request(Record):
    """A record that a call takes. Fields are set by keyword, and can be changed."""

    __slots__ = ()
    __hash__: ClassVar[None] = None  # type: ignore[assignment]

    @classmethod
    def _create(cls: type[Self], values: dict[str, Any]) -> Self:
        _check_names(cls, plan_of(cls), values)
        return cls(**values)

    @staticmethod
    def _secret(name: str, value: Any) -> Any:
        """A secret that is stored in a request, whose `repr` shows a `SecretText` redacted."""
        from .named import public

        kind = public("SecretText")
        if isinstance(value, kind):
            return value
        try:
            SecretInput().check(value)
        except Invalid as invalid:
            raise invalid.inside_field(name).error() from None
        return kind(value)

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in plan_of(type(self)).names)

    def __reduce__(self) -> Any:
        # By name, as for responses: a task may be queued by one version of the package and run by another.
        values = {name: getattr(self, name) for name in plan_of(type(self)).names}
        return _restore_request, (type(self), 1, values)


def _restore_request(cls: type[Any], version: int, values: dict[str, Any]) -> Any:
    """Reads a pickled or copied request. Its values are checked by the call that it is passed to."""
    names = plan_of(cls).names
    return cls(**{name: value for name, value in values.items() if name in names})


def _check_names(cls: type[Any], plan: Plan, fields: Mapping[str, Any]) -> None:
    for name in fields:
        if name not in plan.names:
            raise TypeError(f"{cls.__name__} has no field `{name}`{near_miss(name, plan.names)}")


def request_of(
    cls: type[Any], parameter: str, value: Any, fields: dict[str, Any], *, absent: bool | None = False
) -> Any:
    """The record that a method was called with: as such, as a dictionary, or as keywords of the method.

    `absent` is what an omitted record means: an error, `None`, or if it is true a record without fields.
    """
    if value is not None and not isinstance(value, cls) and not hasattr(value, "keys"):
        if parameter not in plan_of(cls).names:
            raise wrong_type(value, f"{cls.__name__} or dict").inside_field(parameter).error()
        # The record has a field with the parameter's name: `domains.create("org_1", domain="acme.com")`.
        value, fields = None, {parameter: value, **fields}
    if fields:
        if value is not None:
            raise TypeError(f"pass either `{parameter}` or its fields as keywords, not both")
        return _from_names(cls, fields)
    if value is None:
        if absent is False:
            example = plan_of(cls).names[0]
            raise TypeError(
                f"missing `{parameter}`: pass {cls.__name__}(…), or its fields as keywords, "
                f"such as `{example}=…`"
            )
        return None if absent is None else cls()
    return value if isinstance(value, cls) else _from_names(cls, dict(value))


# The short name of an option that every client library of its kind has.
_SHORT = {"timeout": "timeout_seconds"}


def _name_of(plan: Plan, key: str) -> str | None:
    short = _SHORT.get(key)
    return plan.name_of(key) or (short if short in plan.names else None)


def _from_names(cls: type[Any], fields: Mapping[str, Any]) -> Any:
    plan = plan_of(cls)
    values = {}
    for key, value in fields.items():
        name = _name_of(plan, key)
        if name is None:
            short = tuple(short for short, name in _SHORT.items() if name in plan.names)
            raise TypeError(f"{cls.__name__} has no field `{key}`{near_miss(str(key), plan.names + short)}")
        values[name] = value
    missing = [name for name in required_fields(cls) if name not in values]
    if missing:
        raise TypeError(f"{cls.__name__} requires {', '.join(f'`{name}`' for name in missing)}")
    return cls(**values)


def required_fields(cls: type[Record]) -> list[str]:
    """The fields that have no default. A response has none, so that tests need not give all of them."""
    if not issubclass(cls, Request):
        return []
    defaults = cls.__init__.__kwdefaults__ or {}
    return [name for name in plan_of(cls).names if name not in defaults]


class ResponseCodec(Codec):
    def __init__(self, cls: type[Response]) -> None:
        self.cls, self.plan = cls, plan_of(cls)
        self.shape = self.plan.shape()
        self.has_objects = any(field.has_objects for field in self.plan.codecs)

    def check(self, value: Any) -> Any:
        if not isinstance(value, self.cls):
            raise wrong_type(value, self.cls.__name__)
        return value

    def write(self, value: Any, out: Out) -> None:
        row = self.check(value)._row
        for at, field in enumerate(self.plan.codecs):
            field.write(None if row[at] is None else field.from_row(row[at]), out)

    def to_row(self, value: Any) -> Any:
        return self.check(value)._row

    def from_row(self, row: Any) -> Any:
        record = _new(self.cls)
        record._row = row
        return record

    def from_rows(self, rows: Any) -> list[Any]:
        found: list[Any] = views(self.cls, rows)
        return found

    def adopt(self, row: Any) -> Any:
        if self.has_objects:
            row[:] = [field.adopt(element) for field, element in zip(self.plan.codecs, row, strict=True)]
        return row

    def to_data(self, value: Any, reveal: bool) -> Any:
        return dict(self.plan.data(value, reveal))

    def from_data(self, data: Any) -> Any:
        return data if isinstance(data, self.cls) else _from_data(self.cls, data)

    def schema(self, schemas: Any) -> dict[str, Any]:
        return dict(schemas(self.cls))


class RequestCodec(ResponseCodec):
    def check(self, value: Any) -> Any:
        if isinstance(value, self.cls):
            return value
        if hasattr(value, "keys"):
            for key in [*value]:
                if _name_of(self.plan, key) is None:
                    hint = near_miss(str(key), self.plan.names)
                    text = f"is not a field of {self.cls.__name__}{hint}"
                    raise WrongType(text).inside_field(str(key))
            try:
                return _from_names(self.cls, value)
            except TypeError as error:
                # The message is about the value, whose place is named before it.
                raise WrongType(str(error).removeprefix(f"{self.cls.__name__} ")) from None
        raise wrong_type(value, f"{self.cls.__name__} or dict")

    def write(self, value: Any, out: Out) -> None:
        value = self.check(value)
        for name, field in self.plan.fields:
            try:
                field.write(getattr(value, name), out)
            except Invalid as invalid:
                raise invalid.inside_field(name) from None

    def to_row(self, value: Any) -> Any:
        value = self.check(value)
        return self.plan.rows({name: getattr(value, name) for name in self.plan.names})

    def to_data(self, value: Any, reveal: bool) -> Any:
        # A list may contain dictionaries, which were appended to it.
        return super().to_data(self.check(value), reveal)

    def from_row(self, row: Any) -> Any:
        # Not by the constructor, which does not take absent values for required fields.
        record = _new(self.cls)
        for (name, field), element in zip(self.plan.fields, row, strict=True):
            setattr(record, name, field.from_row(element))
        return record

    def from_rows(self, rows: Any) -> list[Any]:
        return [self.from_row(row) for row in rows]


def _from_data(cls: Any, data: Any) -> Any:
    if not hasattr(data, "keys"):
        return data
    return cls._create(plan_of(cls).values_of(data))
