"""The base class of tagged unions, whose variants are classes nested in it."""

from __future__ import annotations

from .errors import client_error
from .invalid import wrong_type
from .plans import plan_of
from .records import Response
from .values import Codec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, ClassVar, TypeVar

    from .buffers import Out

    Self = TypeVar("Self", bound="Union")

# Not a name that the service uses for a field.
_VARIANT = "variant"


class Union(Response):
    """A value of one of several classes, for `match` and `isinstance`."""

    __slots__ = ()

    _variants: ClassVar[tuple[type[Union], ...]] = ()

    def _get(self, name: str) -> Any:
        # The first element of the row is the number of the variant.
        at = plan_of(type(self)).names.index(name)
        element = self._row[at + 1]
        return None if element is None else plan_of(type(self)).codecs[at].from_row(element)

    def _set_row(self, fields: dict[str, Any]) -> None:
        if type(self) not in self._variants:
            raise TypeError(f"{type(self).__name__} is created as one of its variants")
        super()._set_row(fields)
        self._row.insert(0, self._variants.index(type(self)) + 1)

    def to_dict(self, *, reveal_secrets: bool = False) -> dict[str, Any]:
        # Several variants have the same fields, so the data says which one it is.
        return {_VARIANT: type(self).__name__, **super().to_dict(reveal_secrets=reveal_secrets)}

    @classmethod
    def from_dict(cls: type[Self], data: Mapping[str, Any]) -> Self:
        if cls in cls._variants or not hasattr(data, "keys"):
            return super().from_dict(data)
        for variant in cls._variants:
            if variant.__name__ == data.get(_VARIANT):
                return variant.from_dict(data)  # type: ignore[return-value]
        raise client_error("InvalidArgument", f"`{_VARIANT}` must be the name of a variant of {cls.__name__}")


def add_variants(union: type[Union], *variants: tuple[str, ...]) -> None:
    """Adds the variants to a union: their names and documentation, and names and shapes of their fields."""
    for name, docs, *fields in variants:
        members: dict[str, Any] = {"__doc__": docs, "__slots__": (), "_fields": tuple(fields)}
        members["__module__"] = union.__module__
        members["__qualname__"] = f"{union.__name__}.{name}"
        for field in fields:
            members[field.partition(" ")[0]] = _field(field.partition(" ")[0])
        variant = type(name, (union,), members)
        setattr(union, name, variant)
        union._variants += (variant,)


def _field(name: str) -> property:
    return property(lambda self: self._get(name))


class UnionCodec(Codec):
    has_objects = False

    def __init__(self, cls: type[Union]) -> None:
        self.cls, self.variants = cls, cls._variants
        self.plans = [plan_of(variant) for variant in self.variants]
        shapes = [plan.shape() for plan in self.plans]
        self.shape = f"u{''.join(f'{len(shape)}.{shape}' for shape in shapes)};"

    def write(self, value: Any, out: Out) -> None:
        raise NotImplementedError("no call takes a union")

    def to_row(self, value: Any) -> Any:
        if not isinstance(value, self.cls):
            raise wrong_type(value, self.cls.__name__)
        return value._row

    def from_row(self, row: Any) -> Any:
        record = object.__new__(self.variants[row[0] - 1])
        record._row = row
        return record

    def to_data(self, value: Any, reveal: bool) -> Any:
        return value.to_dict(reveal_secrets=reveal)

    def from_data(self, data: Any) -> Any:
        return self.cls.from_dict(data) if hasattr(data, "keys") else data

    def schema(self, schemas: Any) -> dict[str, Any]:
        names = [variant.__name__ for variant in self.variants]
        return {
            "type": "object",
            "properties": {_VARIANT: {"type": "string", "enum": names}},
            "required": [_VARIANT],
        }
