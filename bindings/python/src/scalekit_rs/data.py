"""Records in JSON libraries: a hook that `json`, `orjson` and `msgspec` call for types that they do not know.

    json.dumps({"organization": organization}, default=to_data)
    orjson.dumps(page, default=to_data)
    msgspec.json.Encoder(enc_hook=to_data).encode(user)

`from_data` is the way back for `msgspec`, which knows the types of fields:

    msgspec.json.Decoder(Signup, dec_hook=from_data).decode(text)

`orjson` and `msgspec` write members of fixed enumerations, such as `HttpMethod`, as numbers.

A single record needs no hook: it has `to_dict`, `to_json` and `from_dict`. `to_dict` is also what replaces
`dataclasses.asdict`, since records are no dataclasses.
"""

from __future__ import annotations

from datetime import datetime

from ._runtime import ClosedEnum, OpenEnum, Secret
from ._runtime.records import Record
from ._runtime.values import codec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["from_data", "to_data"]


def to_data(value: object) -> Any:
    """Returns plain data for a value of this package: for a record, what its `to_dict` returns.

    Secrets are redacted. Timestamps are text as in RFC 3339. Raises `TypeError` for other values.
    """
    if isinstance(value, Record):
        return value.to_dict()
    if isinstance(value, datetime):
        return codec("t").to_data(value, False)
    if isinstance(value, ClosedEnum):
        return value.name
    # `msgspec` asks about subclasses of `str`, too.
    if isinstance(value, (Secret, OpenEnum)):
        return str(value)
    raise TypeError(f"{type(value).__name__} is neither JSON nor a value of scalekit_rs")


def from_data(kind: type[Any], data: Any) -> Any:
    """Creates a value of a class of this package from plain data, as `to_data` returns it.

    Raises `TypeError` for other classes, and `TypeError` or `ScalekitError.InvalidArgument` if a
    value is invalid.
    """
    if issubclass(kind, Record):
        return kind.from_dict(data)
    if issubclass(kind, (ClosedEnum, OpenEnum, Secret)):
        return codec(kind.__name__).from_data(data)
    raise TypeError(f"{kind.__name__} is not a class of scalekit_rs")
