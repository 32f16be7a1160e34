"""Types read from the generated converters, and random values of these types."""

from __future__ import annotations

import datetime
import inspect
import json
import random
import re
import struct
from functools import cache
from typing import Any

from scalekit_rs import ExpectedAudience, LoginSession, LoginTransaction, SecretJson, SecretText
from scalekit_rs._native import scalekit
from scalekit_rs._native.scalekit import _OpenEnum, _Record

# Private names have no type hints.
native: Any = scalekit

# UniFFI's own stream, independent of `SCALEKIT_PYTHON_READER`.
GENERATED_STREAM = native._CopiedStream.__base__

TEXTS = (
    "",
    "a",
    "plain",
    'quote " and \\ and / and \n\t\0\x1f\x7f',
    "ü",
    "日本語",
    "😀",
    "\ud7ff\ue000\uffff",
    "{[,:]}",
)
FLOATS = (0.0, -0.0, 1.0, 0.1, -1e-300, 1.7976931348623157e308, float("inf"), float("-inf"), float("nan"))
JSON: tuple[Any, ...] = (
    None,
    True,
    0,
    -1.5,
    'ü"\\',
    [],
    {},
    [1, [2, {"a": None}]],
    {"k": {"l": ["m"]}, "": 10**18},
)
PAST = "2020-01-01T00:00:00Z"
FIRST = datetime.datetime(1, 1, 1, tzinfo=datetime.timezone.utc)
LAST = datetime.datetime.max.replace(tzinfo=datetime.timezone.utc)


def converter(name: str) -> Any:
    return getattr(native, f"_UniffiFfiConverter{name}")


@cache
def read_calls(name: str) -> tuple[tuple[str, str], ...]:
    """The calls of other converters in `read`: the text before each call, and the converter's name."""
    source = inspect.getsource(converter(name).read)
    return tuple(re.findall(r"^ *(.*?)_UniffiFfiConverter(\w+)\.read\(buf\)", source, re.MULTILINE))


@cache
def variants(name: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The variants of a tagged union: their names, their fields, and the converters of the fields."""
    source = inspect.getsource(converter(name).read)
    found = []
    for part in source.split("if variant == ")[1:]:
        variant = re.search(rf"return {name.removeprefix('Type')}\.(\w+)\(", part)
        assert variant, part
        fields = re.findall(r"(?:(\w+)=)?_UniffiFfiConverter(\w+)\.read\(buf\)", part)
        found.append((variant[1], tuple(fields)))
    return tuple(found)


class Values:
    """Random values. Equal seeds create equal values, so that each reader can get its own secret objects."""

    def __init__(self, seed: int, max_items: int = 3) -> None:
        self.random = random.Random(seed)
        self.max_items = max_items

    def of(self, name: str) -> Any:
        simple = getattr(self, name.removeprefix("Type").lower(), None)
        if simple is not None:
            return simple()
        if name.startswith("Optional"):
            return None if self.random.random() < 0.3 else self.of(read_calls(name)[0][1])
        if name.startswith("Sequence"):
            return [self.of(read_calls(name)[0][1]) for _ in range(self.random.randint(0, self.max_items))]
        if name.startswith("Map"):
            (_, key), (_, value) = read_calls(name)
            return {self.of(key): self.of(value) for _ in range(self.random.randint(0, self.max_items))}
        return self.of_class(getattr(native, name.removeprefix("Type")), name)

    def of_class(self, kind: type[Any], name: str) -> Any:
        if issubclass(kind, _Record):
            return kind(**{field.removesuffix("="): self.of(of) for field, of in read_calls(name)})
        if issubclass(kind, _OpenEnum):
            return kind(self.random.choice([*(text for _, text in kind._known), "new", 'ü"']))
        if issubclass(kind, native.enum.Enum):
            return self.random.choice([*kind.__members__.values()])
        assert issubclass(kind, native._Union), f"unknown type: {name}"
        variant, fields = self.random.choice(variants(name))
        named = {field: self.of(of) for field, of in fields if field}
        return getattr(kind, variant)(*(self.of(of) for field, of in fields if not field), **named)

    def string(self) -> str:
        return "".join(self.random.choices(TEXTS, k=self.random.randint(0, 3)))

    def boolean(self) -> bool:
        return self.random.random() < 0.5

    def int32(self) -> int:
        return self.random.choice([0, 1, -1, 2**31 - 1, -(2**31)])

    def int64(self) -> int:
        return self.random.choice([0, 1, -1, 2**63 - 1, -(2**63), 2**53 + 1])

    def float64(self) -> float:
        return self.random.choice([*FLOATS, self.random.uniform(-1e6, 1e6)])

    def bytes(self) -> bytes:
        return self.random.randbytes(self.random.randint(0, 5))

    def json(self) -> Any:
        return self.random.choice(JSON)

    def timestamp(self) -> datetime.datetime:
        offset = datetime.timedelta(microseconds=self.random.randint(-(10**16), 10**16))
        epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
        return self.random.choice(
            [FIRST, LAST, epoch, epoch + offset, epoch - datetime.timedelta(seconds=1, microseconds=1)]
        )

    def secrettext(self) -> SecretText:
        return SecretText(self.string())

    def secretjson(self) -> SecretJson:
        return SecretJson(self.json())

    def expectedaudience(self) -> ExpectedAudience:
        return ExpectedAudience.one_of([self.string() or "a"])

    def logintransaction(self) -> LoginTransaction:
        names = ("environment_url", "client_id", "redirect_uri", "state", "nonce", "code_verifier")
        return LoginTransaction.from_text(self.text(*names, started_at=PAST))

    def loginsession(self) -> LoginSession:
        return LoginSession.from_text(self.text("subject", "access_token", expires_at=PAST, refresh_at=PAST))

    def text(self, *names: str, **more: str) -> SecretText:
        return SecretText(json.dumps({name: "x" * 43 + self.string() for name in names} | more))


def plain(value: Any) -> Any:
    """The contents of a value with their types, for comparison. NaN equals NaN."""
    kind = type(value)
    if isinstance(value, _Record):
        return kind, [plain(getattr(value, name)) for name in kind.__slots__]
    if isinstance(value, SecretText | SecretJson):
        return kind, plain(value.reveal())
    if isinstance(value, LoginSession | LoginTransaction):
        return kind, plain(value.to_text())
    if isinstance(value, native._Union):
        return kind, plain(vars(value))
    if isinstance(value, dict):
        return [(key, plain(item)) for key, item in value.items()]
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, datetime.datetime):
        return value, value.tzinfo
    if isinstance(value, float):
        return struct.pack(">d", float("nan") if value != value else value)
    return kind, value
