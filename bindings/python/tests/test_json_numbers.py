"""Arbitrary JSON keeps every number and the order of keys, in requests and in responses."""

from __future__ import annotations

import json
import random
import struct
from collections.abc import Iterator
from typing import Any

import pytest
from scalekit_rs import ExecuteTool, HttpMethod, ScalekitError

from support.emulator import Emulator
from support.servers import echo
from support.styles import Blocking

NUMBERS: list[Any] = [
    5e-324,
    2.2250738585072014e-308,
    1.7976931348623157e308,
    0.1 + 0.2,
    0.23596292851475154,
    -0.0,
    5.0,
    1e21,
    1e22,
    123456789012345680,
    2**53 + 1,
    2**63 - 1,
    -(2**63),
    2**64 - 1,
    2**64,
    -(2**63) - 1,
    10**30,
    -(10**30),
]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with echo() as url:
        yield url


def echoed(style_class: type[Blocking], url: str, body: Any) -> Any:
    style = style_class((url, "skc_1", "secret"))
    return style.call(lambda client: client.request(HttpMethod.POST, "/api/v1/anything", body=body)).body


@pytest.mark.parametrize("number", NUMBERS, ids=repr)
def test_number_is_unchanged_in_both_directions(
    number: Any, style_class: type[Blocking], server: str
) -> None:
    received = echoed(style_class, server, {"n": number})["n"]
    assert type(received) is type(number)
    assert repr(received) == repr(number)


def test_integer_beyond_the_range_of_a_double_is_rejected(style_class: type[Blocking], server: str) -> None:
    with pytest.raises(ScalekitError.InvalidArgument, match="beyond the range"):
        echoed(style_class, server, {"n": 10**400})


def test_key_order_is_unchanged_in_both_directions(style_class: type[Blocking], server: str) -> None:
    body = {"z": 1, "a": {"y": [{"d": 1, "c": 2}], "b": 2}, "m": None}
    assert json.dumps(echoed(style_class, server, body)) == json.dumps(body)


def test_random_doubles_are_unchanged_by_a_tool_call(style: Blocking, emulator: Emulator) -> None:
    emulator.seed({"connected_accounts": [{"id": "ca_1", "connector": "emulator", "identifier": "ada"}]})
    source = random.Random(7)
    for _ in range(8):
        numbers = [any_double(source) for _ in range(250)] + [source.random() for _ in range(250)]
        tool = ExecuteTool(tool_name="emulator_echo", connected_account_id="ca_1", params={"value": numbers})
        received = style.wait(style.client.tools.execute(tool)).data["value"]
        assert [struct.pack("d", number) for number in received] == [
            struct.pack("d", number) for number in numbers
        ]


def any_double(source: random.Random) -> float:
    """Any finite one, each pattern of bits equally likely."""
    while True:
        (number,) = struct.unpack("d", source.randbytes(8))
        if abs(number) < float("inf"):
            return float(number)
