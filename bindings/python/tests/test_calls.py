"""Calls of the native library: the declarations of its functions, and what is passed to them."""

from __future__ import annotations

import ctypes
from typing import Any

import pytest
from scalekit_rs import CallOptions, HttpMethod, ScalekitError, SecretText
from scalekit_rs._runtime import buffers, library, values
from scalekit_rs._runtime.awaiting import AsyncCall
from scalekit_rs._runtime.buffers import Out, take_text, to_library
from scalekit_rs._runtime.calls import BlockingCall, Constructor, Function
from scalekit_rs._runtime.library import InternalError

from support import uniffi
from support.emulator import Emulator
from support.functions import FUNCTIONS
from support.programs import run
from support.styles import Blocking


def test_resource_accessor_returns_cached_object(style: Blocking) -> None:
    client, copy = style.client, style.client.with_options(CallOptions(timeout_seconds=1))
    assert client.users is client.users
    assert client.users is not client.organizations
    assert client.users is not copy.users
    with pytest.raises(AttributeError):
        client.users = copy.users


def test_resource_outlives_its_client(style: Blocking) -> None:
    users = style.client.users
    del style.client
    assert style.wait(users.list()).users == []


def test_numbers_are_written_in_big_endian_order() -> None:
    out = Out()
    for shape, value in [("b", True), ("i", -4), ("l", -6), ("d", -0.5), ("s", "ü"), ("?i", 5), ("[i", [7])]:
        values.codec(shape).write(value, out)
    expected = ["01", "fffffffc", "fffffffffffffffa", "bfe0000000000000"]
    expected += ["00000002c3bc", "0100000005", "0000000100000007"]
    assert out.finish().hex() == "".join(expected)


@pytest.mark.parametrize("text", ["", "x", "naïve \0 text", "x" * 100_000])
def test_text_survives_both_directions(text: str) -> None:
    assert take_text(to_library(text.encode())) == text
    assert SecretText(text).reveal() == text


class Endless(bytes):
    """Bytes that are as long as no machine for tests has memory."""

    def __len__(self) -> int:
        return 2**31


class EndlessText(str):
    def encode(self, *arguments: Any) -> bytes:
        return Endless()


def test_argument_over_2_gib_is_rejected(style: Blocking, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ScalekitError.InvalidArgument, match=r"^`id` is larger than 2 GiB$"):
        style.call(lambda client: client.organizations.get(EndlessText()))
    with pytest.raises(ScalekitError.InvalidArgument, match=r"^`metadata\[\"a\"\]` is larger than 2 GiB$"):
        style.call(lambda client: client.organizations.create(display_name="", metadata={"a": EndlessText()}))
    assert buffers.MAX_LENGTH == 2**31 - 1
    monkeypatch.setattr(values, "MAX_LENGTH", 100)
    with pytest.raises(ScalekitError.InvalidArgument, match=r"^`body` is larger than 2 GiB$"):
        style.call(lambda client: client.request(HttpMethod.POST, "/x", body="x" * 100))
    # Each text is short enough, but not all of them together.
    parts = {str(number): "x" * 50 for number in range(3)}
    with pytest.raises(ScalekitError.InvalidArgument, match=r"^`organization` is larger than 2 GiB$"):
        style.call(lambda client: client.organizations.create(display_name="", metadata=parts))


def c_types(function: Function) -> tuple[list[str], str | None]:
    """The types of the arguments and the result of a native function, as the package declares them."""
    native: Any = function._prepare()
    # The arguments of UniFFI's own functions are pointers to its own classes, which have the same names.
    return [name(kind) for kind in native.argtypes], name(native.restype)


def name(c_type: Any) -> Any:
    if c_type is None:
        return None
    return c_type.__name__.replace("_Uniffi", "").replace("RustCallStatus", "CallStatus")


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.symbol)
def test_function_has_the_types_that_uniffi_declares(function: Function) -> None:
    theirs = getattr(uniffi.module()._UniffiLib, f"uniffi_scalekit_fn_{function.symbol}")
    assert c_types(function) == ([name(kind) for kind in theirs.argtypes], name(theirs.restype))


def test_every_kind_of_function_is_declared() -> None:
    assert len(FUNCTIONS) > 400
    assert {type(function) for function in FUNCTIONS} == {Function, Constructor, BlockingCall, AsyncCall}
    unchecked = {function.symbol for function in FUNCTIONS if not function.checksum}
    # UniFFI has no checksums of these.
    assert unchecked == {name for name in unchecked if name.endswith("_uniffi_trait_eq_eq")}


def test_checksum_mismatch_is_rejected() -> None:
    function = Function("func_local_path", 65536, "text s", returns="?s")
    for _ in range(2):
        with pytest.raises(
            InternalError, match="does not match this version of the package: func_local_path"
        ):
            function("/")


def test_unknown_function_is_rejected() -> None:
    with pytest.raises(AttributeError, match="uniffi_scalekit_fn_method_users_nothing"):
        Function("method_users_nothing", 0, "id s")(None, "usr_1")
    with pytest.raises(AttributeError, match="uniffi_scalekit_checksum_func_nothing"):
        library.check("func_nothing", 1)


def test_functions_are_declared_on_first_use(emulator: Emulator) -> None:
    program = """
import sys, gc
import scalekit_rs
from scalekit_rs import ScalekitClient

client = ScalekitClient.from_env()
print(sorted(name for name in sys.modules if name.startswith("scalekit_rs.") and name.count(".") == 1))
users = client.users
from scalekit_rs._runtime.calls import Function
declared = [value.symbol for value in vars(sys.modules["scalekit_rs.users"]).values()
            if isinstance(value, Function) and value._native]
print(declared)
users.list()
print([value.symbol for value in vars(sys.modules["scalekit_rs.users"]).values()
       if isinstance(value, Function) and value._native])
print(gc.isenabled())
"""
    modules, before, after, collects = run(program, emulator).stdout.splitlines()
    # `secrets` has the classes of some options of the client.
    used = ["_names", "_runtime", "client", "secrets"]
    assert modules == str([f"scalekit_rs.{name}" for name in used])
    assert (before, after, collects) == ("[]", "['method_users_list']", "True")


def test_structures_have_the_layout_of_uniffis() -> None:
    theirs = uniffi.module()
    for ours, other in [
        (library.RustBuffer, theirs._UniffiRustBuffer),
        (library.CallStatus, theirs._UniffiRustCallStatus),
        (library.ForeignBytes, theirs._UniffiForeignBytes),
        (library.BorrowedBuffer, theirs._UniffiForeignBytes),
    ]:
        assert ctypes.sizeof(ours) == ctypes.sizeof(other)
        assert layout(ours) == layout(other)


def layout(structure: Any) -> list[tuple[int, int]]:
    fields = [getattr(structure, name) for name, *_ in structure._fields_]
    return [(field.offset, field.size) for field in fields]


def test_interrupted_preparation_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    function = Function("func_local_path", 0, "text s", returns="?s")
    original = function._declare
    monkeypatch.setattr(function, "_declare", lambda types: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        function("/")
    monkeypatch.setattr(function, "_declare", original)
    assert function("/home") == "/home"
