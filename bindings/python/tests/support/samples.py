"""Random values of all types."""

from __future__ import annotations

import datetime
import json
import random
from typing import Any

from scalekit_rs import (
    ExpectedAudience,
    Failure,
    LoginSession,
    LoginTransaction,
    ScalekitError,
    SecretJson,
    SecretText,
)
from scalekit_rs._runtime.enums import ClosedEnum, OpenEnum
from scalekit_rs._runtime.named import public
from scalekit_rs._runtime.records import Record
from scalekit_rs._runtime.unions import Union

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
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
FIRST = datetime.datetime(1, 1, 1, tzinfo=datetime.timezone.utc)
LAST = datetime.datetime.max.replace(tzinfo=datetime.timezone.utc)


def fields_of(kind: type[Record]) -> list[tuple[str, str]]:
    """The fields of a record: their names and shapes."""
    specs = [spec.split(" ") for spec in kind._fields]
    return [(name.partition("=")[0], shape) for name, shape in specs]


class Samples:
    """Random values by shape. Equal seeds create equal values."""

    def __init__(self, seed: int, max_items: int = 3) -> None:
        self.random = random.Random(seed)
        self.max_items = max_items

    def of(self, shape: str) -> Any:
        head, inner = shape[0], shape[1:]
        if head == "?":
            return None if self.random.random() < 0.3 else self.of(inner)
        if head == "[":
            return [self.of(inner) for _ in range(self.count())]
        if head == "{":
            return {self.text(): self.of(inner) for _ in range(self.count())}
        simple = getattr(self, SIMPLE.get(shape, ""), None)
        return self.of_class(public(shape)) if simple is None else simple()

    def of_class(self, kind: Any) -> Any:
        if issubclass(kind, Union) and kind not in kind._variants:
            return self.of_class(self.random.choice(kind._variants))
        if issubclass(kind, Record):
            return kind(**{name: self.of(shape) for name, shape in fields_of(kind)})
        if issubclass(kind, OpenEnum):
            return kind(self.random.choice([*(text for _, text in kind._known), "new", 'ü"']))
        if issubclass(kind, ClosedEnum):
            return self.random.choice(list(kind))
        assert issubclass(kind, ScalekitError), f"unknown type: {kind}"
        variant = self.random.choice(kind._variants)
        return variant(self.of_class(Failure))

    def count(self) -> int:
        return self.random.randint(0, self.max_items)

    def text(self) -> str:
        return "".join(self.random.choices(TEXTS, k=self.random.randint(0, 3)))

    def option_headers(self) -> dict[str, str]:
        return {self.text(): self.text() for _ in range(self.count())}

    def boolean(self) -> bool:
        return self.random.random() < 0.5

    def int32(self) -> int:
        return self.random.choice([0, 1, -1, 2**31 - 1, -(2**31)])

    def int64(self) -> int:
        return self.random.choice([0, 1, -1, 2**63 - 1, -(2**63), 2**53 + 1])

    def float64(self) -> float:
        return self.random.choice([*FLOATS, self.random.uniform(-1e6, 1e6)])

    def json(self) -> Any:
        return self.random.choice(JSON)

    def timestamp(self) -> datetime.datetime:
        offset = datetime.timedelta(microseconds=self.random.randint(-(10**16), 10**16))
        before = EPOCH - datetime.timedelta(seconds=1, microseconds=1)
        return self.random.choice([FIRST, LAST, EPOCH, EPOCH + offset, before])

    def headers(self) -> dict[str, str]:
        return {self.text(): self.text() for _ in range(self.count())}

    def secret_input(self) -> str | SecretText:
        return self.secret_text() if self.boolean() else self.text()

    def secret_text(self) -> SecretText:
        return SecretText(self.text())

    def secret_json(self) -> SecretJson:
        return SecretJson(self.json())

    def expected_audience(self) -> ExpectedAudience:
        return ExpectedAudience.one_of([self.text() or "a"])

    def login_transaction(self) -> LoginTransaction:
        names = ("environment_url", "client_id", "redirect_uri", "state", "nonce", "code_verifier")
        return LoginTransaction.from_text(self.serialized(*names, started_at=PAST))

    def login_session(self) -> LoginSession:
        return LoginSession.from_text(
            self.serialized("subject", "access_token", expires_at=PAST, refresh_at=PAST)
        )

    def serialized(self, *names: str, **more: str) -> SecretText:
        return SecretText(json.dumps({name: "x" * 43 + self.text() for name in names} | more))


# The methods for shapes that are not classes, and for objects of the library.
SIMPLE = {
    "s": "text",
    "b": "boolean",
    "i": "int32",
    "l": "int64",
    "d": "float64",
    "t": "timestamp",
    "j": "json",
    "Headers": "headers",
    "OptionHeaders": "option_headers",
    "SecretInput": "secret_input",
    "SecretText": "secret_text",
    "SecretJson": "secret_json",
    "ExpectedAudience": "expected_audience",
    "LoginTransaction": "login_transaction",
    "LoginSession": "login_session",
}
