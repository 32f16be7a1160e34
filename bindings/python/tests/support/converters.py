"""What the generated converters say about their types, and random values of these."""

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

# What is not for users has no types.
native: Any = scalekit

# The stream that UniFFI wrote, whichever the environment asks for.
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
LONG_AGO = "2020-01-01T00:00:00Z"
FIRST = datetime.datetime(1, 1, 1, tzinfo=datetime.timezone.utc)
LAST = datetime.datetime.max.replace(tzinfo=datetime.timezone.utc)


def converter(name: str) -> Any:
    return getattr(native, f"_UniffiFfiConverter{name}")


@cache
def read_by(name: str) -> tuple[tuple[str, str], ...]:
    """What the generated function reads: what stands before each use of another converter, and its name."""
    source = inspect.getsource(converter(name).read)
    return tuple(re.findall(r"^ *(.*?)_UniffiFfiConverter(\w+)\.read\(buf\)", source, re.MULTILINE))


@cache
def variants(name: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The values of an enumeration that hold data: their names, and the converters of what they hold."""
    source = inspect.getsource(converter(name).read)
    found = []
    for part in source.split("if variant == ")[1:]:
        called = re.search(rf"return {name.removeprefix('Type')}\.(\w+)\(", part)
        assert called, part
        held = re.findall(r"(?:(\w+)=)?_UniffiFfiConverter(\w+)\.read\(buf\)", part)
        found.append((called[1], tuple(held)))
    return tuple(found)


class Values:
    """Random values. Two with the same seed make the same, so that each reader gets secrets of its own."""

    def __init__(self, seed: int, most: int = 3) -> None:
        self.random = random.Random(seed)
        self.most = most

    def of(self, name: str) -> Any:
        simple = getattr(self, name.removeprefix("Type").lower(), None)
        if simple is not None:
            return simple()
        if name.startswith("Optional"):
            return None if self.random.random() < 0.3 else self.of(read_by(name)[0][1])
        if name.startswith("Sequence"):
            return [self.of(read_by(name)[0][1]) for _ in range(self.random.randint(0, self.most))]
        if name.startswith("Map"):
            (_, key), (_, value) = read_by(name)
            return {self.of(key): self.of(value) for _ in range(self.random.randint(0, self.most))}
        return self.of_class(getattr(native, name.removeprefix("Type")), name)

    def of_class(self, kind: type[Any], name: str) -> Any:
        if issubclass(kind, _Record):
            return kind(**{field.removesuffix("="): self.of(of) for field, of in read_by(name)})
        if issubclass(kind, _OpenEnum):
            return kind(self.random.choice([*(text for _, text in kind._known), "new", 'ü"']))
        if issubclass(kind, native.enum.Enum):
            return self.random.choice([*kind.__members__.values()])
        assert issubclass(kind, native._Union), f"a type that the test does not know: {name}"
        variant, held = self.random.choice(variants(name))
        fields = {field: self.of(of) for field, of in held if field}
        return getattr(kind, variant)(*(self.of(of) for field, of in held if not field), **fields)

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
        some = datetime.timedelta(microseconds=self.random.randint(-(10**16), 10**16))
        since = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
        return self.random.choice(
            [FIRST, LAST, since, since + some, since - datetime.timedelta(seconds=1, microseconds=1)]
        )

    def secrettext(self) -> SecretText:
        return SecretText(self.string())

    def secretjson(self) -> SecretJson:
        return SecretJson(self.json())

    def expectedaudience(self) -> ExpectedAudience:
        return ExpectedAudience.one_of([self.string() or "a"])

    def logintransaction(self) -> LoginTransaction:
        names = ("environment_url", "client_id", "redirect_uri", "state", "nonce", "code_verifier")
        return LoginTransaction.from_text(self.text(*names, started_at=LONG_AGO))

    def loginsession(self) -> LoginSession:
        return LoginSession.from_text(
            self.text("subject", "access_token", expires_at=LONG_AGO, refresh_at=LONG_AGO)
        )

    def text(self, *names: str, **more: str) -> SecretText:
        return SecretText(json.dumps({name: "x" * 43 + self.string() for name in names} | more))


def plain(value: Any) -> Any:
    """All that is in a value, with its types. What is not a number equals itself here."""
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
