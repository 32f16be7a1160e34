"""Codecs: how the values of each type are checked, passed to the library, and read from rows.

A codec is named by a shape. Its letters are those of the core's rows (`core/src/ffi/rows.rs`), and a class is
named: `?[Organization` is an optional list of organizations. Codecs are created on first use, since a program
uses few types.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from .buffers import MAX_LENGTH, pack_double, pack_i32, pack_i64, pack_u32
from .invalid import Invalid, WrongType, WrongValue, wrong_type
from .rows import copied

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    from .buffers import Out

    Bytes = TypeVar("Bytes", bound="bytes | bytearray")

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)


def check_length(data: Bytes) -> Bytes:
    """Rejects what is too long for the library, whose lengths have 31 bits."""
    if len(data) > MAX_LENGTH:
        raise WrongValue("is larger than 2 GiB")
    return data


class Codec:
    """The conversions of one type. The base class is for values that are the same in Python and in a row."""

    # The shape for the core, without names of classes, and whether values contain objects of the library.
    shape = ""
    has_objects = False
    # The row of an omitted field.
    empty: Any = None

    def write(self, value: Any, out: Out) -> None:
        """Checks a value and appends it to a serialized argument."""
        raise NotImplementedError

    def to_row(self, value: Any) -> Any:
        """Checks a value and converts it to a row."""
        raise NotImplementedError

    def from_row(self, row: Any) -> Any:
        return row

    def from_rows(self, rows: Any) -> list[Any]:
        """Converts the rows of a list."""
        return [self.from_row(row) for row in rows]

    def adopt(self, row: Any) -> Any:
        """Replaces the handles in a row that the library returned by their objects."""
        return row

    def to_data(self, value: Any, reveal: bool) -> Any:
        """Converts a value to plain data with the service's names."""
        return value

    def from_data(self, data: Any) -> Any:
        """Converts plain data to a value; the value is checked when it is used."""
        return data

    def schema(self, schemas: Any) -> dict[str, Any]:
        """The JSON schema of the plain data."""
        return {}


class Text(Codec):
    shape = "s"
    empty = ""

    def check(self, value: Any) -> bytes:
        if not isinstance(value, str):
            raise wrong_type(value, "str")
        try:
            data = value.encode()
        except UnicodeEncodeError:
            raise WrongValue("must be valid UTF-8; it contains a lone surrogate") from None
        return check_length(data)

    def write(self, value: Any, out: Out) -> None:
        data = self.check(value)
        out += pack_i32(len(data))
        out += data

    def to_row(self, value: Any) -> str:
        self.check(value)
        return str(value)

    def schema(self, schemas: Any) -> dict[str, Any]:
        return {"type": "string"}


class Boolean(Codec):
    shape = "b"
    empty = False

    def to_row(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise wrong_type(value, "bool")
        return value

    def write(self, value: Any, out: Out) -> None:
        out.append(self.to_row(value))

    def schema(self, schemas: Any) -> dict[str, Any]:
        return {"type": "boolean"}


class Integer(Codec):
    empty = 0

    def __init__(self, shape: str, bits: int, pack: Any) -> None:
        self.shape, self._pack = shape, pack
        self._limit = 1 << (bits - 1)
        self._bits = bits

    def to_row(self, value: Any) -> int:
        # `True` is an `int`, but not meant as a number.
        if isinstance(value, bool) or not hasattr(value, "__index__"):
            raise wrong_type(value, "int")
        number = int(value.__index__())
        if not -self._limit <= number < self._limit:
            raise WrongValue(f"must be an integer of {self._bits} bits")
        return number

    def write(self, value: Any, out: Out) -> None:
        out += self._pack(self.to_row(value))

    def schema(self, schemas: Any) -> dict[str, Any]:
        return {"type": "integer"}


class Number(Codec):
    shape = "d"
    empty = 0.0

    def to_row(self, value: Any) -> float:
        if isinstance(value, (bool, str)) or not (hasattr(value, "__float__") or hasattr(value, "__index__")):
            raise wrong_type(value, "float")
        try:
            return float(value)
        except OverflowError:
            raise WrongValue("must be a finite number") from None

    def write(self, value: Any, out: Out) -> None:
        out += pack_double(self.to_row(value))

    def schema(self, schemas: Any) -> dict[str, Any]:
        return {"type": "number"}


class Time(Codec):
    shape = "t"
    empty = "1970-01-01T00:00:00+00:00"

    def check(self, value: Any) -> datetime:
        if not isinstance(value, datetime):
            raise wrong_type(value, "datetime")
        if value.utcoffset() is None:
            raise WrongValue("must have a time zone, as in datetime.now(timezone.utc)")
        return value

    def write(self, value: Any, out: Out) -> None:
        # Seconds since 1970, and nanoseconds, which count away from 1970 in the same direction.
        microseconds = (self.check(value) - _EPOCH) // _MICROSECOND
        sign = -1 if microseconds < 0 else 1
        seconds, rest = divmod(abs(microseconds), 1_000_000)
        out += pack_i64(sign * seconds)
        out += pack_u32(rest * 1000)

    def to_row(self, value: Any) -> str:
        return self.check(value).astimezone(timezone.utc).isoformat()

    def from_row(self, row: str) -> datetime:
        return datetime.fromisoformat(row)

    def to_data(self, value: datetime, reveal: bool) -> str:
        return value.isoformat().replace("+00:00", "Z")

    def from_data(self, data: Any) -> Any:
        if not isinstance(data, str):
            return data
        try:
            return datetime.fromisoformat(data.replace("Z", "+00:00"))
        except ValueError:
            raise WrongValue("must be a timestamp as in RFC 3339") from None

    def schema(self, schemas: Any) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}


class AnyJson(Codec):
    shape = "j"

    def check(self, value: Any) -> bytes:
        import json

        try:
            data = json.dumps(value, allow_nan=False).encode()
        except TypeError as error:
            raise WrongType(f"cannot be serialized as JSON: {error}") from None
        except (ValueError, RecursionError) as error:
            raise WrongValue(f"cannot be serialized as JSON: {error}") from None
        return check_length(data)

    def write(self, value: Any, out: Out) -> None:
        data = self.check(value)
        out += pack_i32(len(data))
        out += data

    def to_row(self, value: Any) -> Any:
        self.check(value)
        return copied(value)

    def from_row(self, row: Any) -> Any:
        return copied(row)


class Data(Codec):
    """Bytes that are lent to the library during the call."""

    shape = "y"

    def check(self, value: Any) -> bytes:
        if isinstance(value, bytes):
            data = value
        elif isinstance(value, (str, dict, list)):
            raise wrong_type(value, "bytes").because(
                "pass the body as received, because a signature covers its bytes and decoding may change them"
            )
        else:
            try:
                data = bytes(memoryview(value))
            except TypeError:
                raise wrong_type(value, "bytes") from None
        return check_length(data)


class Optional(Codec):
    empty = None

    def __init__(self, inner: Codec) -> None:
        self.inner = inner
        self.shape, self.has_objects = f"?{inner.shape}", inner.has_objects

    def write(self, value: Any, out: Out) -> None:
        if value is None:
            out.append(0)
        else:
            out.append(1)
            self.inner.write(value, out)

    def to_row(self, value: Any) -> Any:
        return None if value is None else self.inner.to_row(value)

    def from_row(self, row: Any) -> Any:
        return None if row is None else self.inner.from_row(row)

    def adopt(self, row: Any) -> Any:
        return None if row is None else self.inner.adopt(row)

    def to_data(self, value: Any, reveal: bool) -> Any:
        return None if value is None else self.inner.to_data(value, reveal)

    def from_data(self, data: Any) -> Any:
        return None if data is None else self.inner.from_data(data)

    def schema(self, schemas: Any) -> dict[str, Any]:
        return {"anyOf": [self.inner.schema(schemas), {"type": "null"}]}


class List(Codec):
    def __init__(self, inner: Codec) -> None:
        self.inner = inner
        self.shape, self.has_objects = f"[{inner.shape}", inner.has_objects
        self.empty: Any = ()

    def check(self, value: Any) -> Any:
        if not isinstance(value, (list, tuple)):
            invalid = wrong_type(value, "list")
            raise invalid.because("pass a list of one element") if isinstance(value, str) else invalid
        return value

    def write(self, value: Any, out: Out) -> None:
        out += pack_i32(len(self.check(value)))
        for at, item in enumerate(value):
            try:
                self.inner.write(item, out)
            except Invalid as invalid:
                raise invalid.inside_item(at) from None

    def to_row(self, value: Any) -> list[Any]:
        rows = []
        for at, item in enumerate(self.check(value)):
            try:
                rows.append(self.inner.to_row(item))
            except Invalid as invalid:
                raise invalid.inside_item(at) from None
        return rows

    def from_row(self, row: Any) -> list[Any]:
        return self.inner.from_rows(row)

    def adopt(self, row: Any) -> Any:
        row[:] = [self.inner.adopt(item) for item in row]
        return row

    def to_data(self, value: Any, reveal: bool) -> Any:
        return [self.inner.to_data(item, reveal) for item in value]

    def from_data(self, data: Any) -> Any:
        if not isinstance(data, (list, tuple)):
            return data
        values = []
        for at, item in enumerate(data):
            try:
                values.append(self.inner.from_data(item))
            except Invalid as invalid:
                raise invalid.inside_item(at) from None
        return values

    def schema(self, schemas: Any) -> dict[str, Any]:
        return {"type": "array", "items": self.inner.schema(schemas)}


class Map(Codec):
    """A dictionary with text keys."""

    def __init__(self, inner: Codec) -> None:
        self.inner, self.key = inner, Text()
        self.shape, self.has_objects = f"{{{inner.shape}", inner.has_objects

    @property
    def empty(self) -> dict[str, Any]:
        return {}

    def check(self, value: Any) -> Any:
        if not isinstance(value, dict) and not hasattr(value, "items"):
            raise wrong_type(value, "dict")
        return value

    def write(self, value: Any, out: Out) -> None:
        out += pack_i32(len(self.check(value)))
        for key, item in value.items():
            try:
                self.key.write(key, out)
                self.inner.write(item, out)
            except Invalid as invalid:
                raise invalid.inside_item(_quoted(key)) from None

    def to_row(self, value: Any) -> dict[str, Any]:
        rows = {}
        for key, item in self.check(value).items():
            try:
                rows[self.key.to_row(key)] = self.inner.to_row(item)
            except Invalid as invalid:
                raise invalid.inside_item(_quoted(key)) from None
        return rows

    def from_row(self, row: Any) -> dict[str, Any]:
        return {key: self.inner.from_row(item) for key, item in row.items()}

    def adopt(self, row: Any) -> Any:
        return {key: self.inner.adopt(item) for key, item in row.items()}

    def to_data(self, value: Any, reveal: bool) -> Any:
        return {key: self.inner.to_data(item, reveal) for key, item in value.items()}

    def from_data(self, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {key: self.inner.from_data(item) for key, item in data.items()}

    def schema(self, schemas: Any) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": self.inner.schema(schemas)}


def _quoted(key: object) -> str:
    return f'"{key}"' if isinstance(key, str) and key.isprintable() else repr(key)


class OpenEnumeration(Codec):
    def __init__(self, cls: Any) -> None:
        self.cls = cls
        self.shape = f"e{len(cls._known)}."
        self._text = Text()

    @property
    def empty(self) -> str:
        return ""

    def check(self, value: Any) -> Any:
        if not isinstance(value, str):
            raise wrong_type(value, f"{self.cls.__name__} or str")
        # Another enumeration is a mistake, though it is text too.
        if type(value) is not self.cls and hasattr(type(value), "_known"):
            raise wrong_type(value, f"{self.cls.__name__} or str")
        self._text.check(value)
        return value

    def write(self, value: Any, out: Out) -> None:
        number = self.cls._numbers.get(self.check(value))
        if number is not None:
            out += pack_i32(number)
        else:
            out += pack_i32(len(self.cls._known) + 1)
            self._text.write(value, out)

    def to_row(self, value: Any) -> Any:
        number = self.cls._numbers.get(self.check(value))
        return str(value) if number is None else number

    def from_row(self, row: Any) -> Any:
        return self.cls._by_row[row]

    def to_data(self, value: Any, reveal: bool) -> Any:
        return str(value)

    def from_data(self, data: Any) -> Any:
        return self.cls(data) if isinstance(data, str) else data

    def schema(self, schemas: Any) -> dict[str, Any]:
        known = [text for _, text in self.cls._known]
        return {"type": "string", "examples": known}


class ClosedEnumeration(Codec):
    def __init__(self, cls: Any) -> None:
        self.cls, self._members = cls, list(cls)
        self.shape = f"c{len(self._members)}."

    def check(self, value: Any) -> Any:
        if isinstance(value, self.cls):
            return value
        if not isinstance(value, str):
            raise wrong_type(value, f"{self.cls.__name__} or str")
        member = self.cls.__members__.get(value.upper())
        if member is None:
            names = ", ".join(f'"{name}"' for name in self.cls.__members__)
            raise WrongValue(f"must be one of {names}")
        return member

    def to_row(self, value: Any) -> int:
        return int(self.check(value).value)

    def write(self, value: Any, out: Out) -> None:
        out += pack_i32(self.to_row(value))

    def from_row(self, row: int | None) -> Any:
        return None if row is None else self._members[row - 1]

    def to_data(self, value: Any, reveal: bool) -> Any:
        return value.name

    def from_data(self, data: Any) -> Any:
        return self.check(data)

    def schema(self, schemas: Any) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.cls.__members__)}


class Instance(Codec):
    """An object of the native library."""

    shape = "h"
    has_objects = True

    def __init__(self, cls: Any) -> None:
        self.cls = cls

    def to_row(self, value: Any) -> Any:
        if isinstance(value, self.cls):
            return value
        if isinstance(value, str) and self.cls.__name__ == "SecretText":
            return self.cls(value)
        raise wrong_type(value, self.cls.__name__)

    def write(self, value: Any, out: Out) -> None:
        out.objects.append((len(out), self.to_row(value)))
        out += bytes(8)

    def adopt(self, row: Any) -> Any:
        return self.cls._of_handle(row)

    def to_data(self, value: Any, reveal: bool) -> Any:
        if reveal:
            return value.reveal() if hasattr(value, "reveal") else value
        # A secret that is still text, because it was assigned to a field, is redacted too.
        return str(value) if isinstance(value, self.cls) else f"{self.cls.__name__}(..)"

    def from_data(self, data: Any) -> Any:
        return data if isinstance(data, self.cls) or not hasattr(self.cls, "reveal") else self.cls(data)

    def schema(self, schemas: Any) -> dict[str, Any]:
        return {"type": "string", "format": "password"}


class SecretInput(Text):
    """A secret argument: text, or a `SecretText`."""

    def check(self, value: Any) -> bytes:
        reveal = getattr(value, "reveal", None)
        if reveal is not None:
            return super().check(reveal())
        if not isinstance(value, str):
            raise wrong_type(value, "str or SecretText")
        return super().check(value)

    def to_row(self, value: Any) -> Any:
        self.check(value)
        return value


class Headers(Map):
    """The headers of a request, in any form in which a framework has them."""

    def __init__(self) -> None:
        super().__init__(Text())

    def check(self, value: Any) -> Any:
        from .headers import normalized

        return normalized(value)

    def write(self, value: Any, out: Out) -> None:
        super().write(self.check(value), out)


class OptionHeaders(Map):
    """The headers of options. Their values may be credentials, such as the key of a gateway."""

    def __init__(self) -> None:
        super().__init__(Text())

    def to_data(self, value: Any, reveal: bool) -> Any:
        return super().to_data(value, reveal) if reveal else dict.fromkeys(value, "SecretText(..)")


SIMPLE: dict[str, Codec] = {
    "s": Text(),
    "b": Boolean(),
    "i": Integer("i", 32, pack_i32),
    "l": Integer("l", 64, pack_i64),
    "d": Number(),
    "t": Time(),
    "j": AnyJson(),
    "y": Data(),
    "SecretInput": SecretInput(),
    "Headers": Headers(),
    "OptionHeaders": OptionHeaders(),
}
_CONTAINERS: dict[str, type[Any]] = {"?": Optional, "[": List, "{": Map}
_codecs: dict[str, Codec] = dict(SIMPLE)


def codec(shape: str) -> Codec:
    """The codec of a shape. Two threads may both create it: the results are interchangeable."""
    found = _codecs.get(shape)
    if found is None:
        container = _CONTAINERS.get(shape[0])
        found = container(codec(shape[1:])) if container else _codec_of_class(shape)
        _codecs[shape] = found
    return found


def _codec_of_class(name: str) -> Codec:
    from .enums import ClosedEnum, OpenEnum
    from .named import public
    from .objects import Object
    from .records import Request, RequestCodec, Response, ResponseCodec
    from .unions import Union, UnionCodec

    cls = public(name)
    kinds: list[tuple[type[Any], type[Any]]] = [
        # Before `Response`, which it inherits from.
        (Union, UnionCodec),
        (Response, ResponseCodec),
        (Request, RequestCodec),
        (OpenEnum, OpenEnumeration),
        (ClosedEnum, ClosedEnumeration),
        (Object, Instance),
    ]
    for base, kind in kinds:
        if issubclass(cls, base):
            created: Codec = kind(cls)
            return created
    from .errors import Error, ErrorCodec

    if issubclass(cls, Error):
        return ErrorCodec(cls)
    raise TypeError(f"no codec for {name}")
