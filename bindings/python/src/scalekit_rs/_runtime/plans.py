"""The fields of a record, read from its class when they are first needed."""

from __future__ import annotations

from .invalid import Invalid
from .values import codec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from .values import Codec


class Plan:
    """The fields of a record in the order of its row: their names, their names in JSON, and their codecs."""

    __slots__ = ("codecs", "fields", "names", "wire_names")

    def __init__(self, specs: tuple[str, ...]) -> None:
        names, wire_names, codecs = [], [], []
        for spec in specs:
            name, _, shape = spec.partition(" ")
            name, _, wire_name = name.partition("=")
            names.append(name)
            wire_names.append(wire_name or name)
            codecs.append(codec(shape))
        self.names, self.wire_names, self.codecs = tuple(names), tuple(wire_names), tuple(codecs)
        self.fields: tuple[tuple[str, Codec], ...] = tuple(zip(self.names, self.codecs, strict=True))

    def name_of(self, key: str) -> str | None:
        """The field with this name, in Python or in JSON."""
        if key in self.names:
            return key
        return self.names[self.wire_names.index(key)] if key in self.wire_names else None

    def wire_name(self, name: str) -> str:
        """The name in JSON of a field."""
        return self.wire_names[self.names.index(name)]

    def shape(self) -> str:
        return f"({''.join(codec.shape for codec in self.codecs)})"

    def rows(self, values: Mapping[str, Any]) -> list[Any]:
        """The row of the given values. An omitted or absent field is empty."""
        row = []
        for name, field in self.fields:
            value = values.get(name)
            try:
                row.append(field.empty if value is None else field.to_row(value))
            except Invalid as invalid:
                raise invalid.inside_field(name) from None
        return [list(element) if element == () else element for element in row]

    def values_of(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The values in plain data. Unknown names are ignored: a newer version may have written them."""
        found = {}
        for (name, field), key in zip(self.fields, self.wire_names, strict=True):
            if key in data or name in data:
                try:
                    found[name] = field.from_data(data[key] if key in data else data[name])
                except Invalid as invalid:
                    raise invalid.inside_field(name) from None
        return found

    def data(self, record: Any, reveal: bool) -> Iterator[tuple[str, Any]]:
        """The plain data of a record. Absent fields are omitted."""
        for (name, field), key in zip(self.fields, self.wire_names, strict=True):
            value = getattr(record, name)
            if value is None:
                continue
            try:
                yield key, field.to_data(value, reveal)
            except Invalid as invalid:
                raise invalid.inside_field(name) from None


def plan_of(cls: Any) -> Plan:
    """The plan of a class. Two threads may both create it: the results are interchangeable."""
    plan: Plan | None = cls._plan
    if plan is None:
        plan = cls._plan = Plan(cls._fields)
    return plan
