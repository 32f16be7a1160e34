"""The reader of results and the writer of arguments, compared with UniFFI's own for random values."""

from __future__ import annotations

from typing import Any

import pytest
from scalekit_rs import ScalekitError, User, UserPage
from scalekit_rs._runtime import buffers, calls
from scalekit_rs._runtime.buffers import Out, shape_bytes, take_rows, to_library
from scalekit_rs._runtime.library import InternalError, RustBuffer
from scalekit_rs._runtime.values import codec

from support import uniffi
from support.compare import plain, plain_uniffi, to_uniffi
from support.functions import REQUESTS, RESPONSES, argument_shapes, returned_shapes
from support.samples import Samples

# Lent to the library during a call, so there is nothing to read afterwards.
ARGUMENTS = [shape for shape in argument_shapes() if shape != "y"]


def read(shape: str, buffer: Any) -> Any:
    return calls._lifter(codec(shape))(buffer)


def pass_argument(shape: str, value: Any) -> Any:
    """What the library gets for an argument."""
    encoded = calls._encoder(codec(shape))(value)
    give = calls._passer(codec(shape))
    return encoded if give is None else give(encoded)


def test_interface_has_many_types() -> None:
    assert len(RESPONSES) > 100
    assert len(REQUESTS) > 70
    assert {"ScalekitError", "WebhookEvent", "?[User", "{s"} <= set(returned_shapes())
    assert {"CreateUser", "SecretInput", "?RoleInclude"} <= set(ARGUMENTS)


@pytest.mark.parametrize("shape", returned_shapes())
def test_result_is_read_as_by_uniffi(shape: str) -> None:
    for seed in range(20):
        value = Samples(seed).of(shape)
        theirs = to_uniffi(shape, value)
        ours = read(shape, uniffi.lower(shape, theirs))
        assert plain(shape, ours) == plain(shape, value)
        assert plain_uniffi(shape, uniffi.lift(shape, uniffi.lower(shape, theirs))) == plain(shape, value)


@pytest.mark.parametrize("shape", ARGUMENTS)
def test_argument_is_written_as_by_uniffi(shape: str) -> None:
    for seed in range(20):
        value = Samples(seed).of(shape)
        assert plain_uniffi(shape, uniffi.lift(shape, pass_argument(shape, value))) == plain(shape, value)


def written(shape: str, value: Any) -> RustBuffer:
    out = Out()
    codec(shape).write(value, out)
    return to_library(out.finish())


def test_huge_response_is_read() -> None:
    page = UserPage(
        users=[Samples(seed, max_items=30).of("User") for seed in range(300)],
        next_page_token="ü" * 1_000_000,
    )
    assert plain("UserPage", read("UserPage", written("UserPage", page))) == plain("UserPage", page)


@pytest.fixture
def freed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lengths of the buffers that were freed."""
    lengths: list[int] = []
    free = buffers.free

    def record_free(buffer: RustBuffer, status: Any) -> None:
        lengths.append(buffer.len)
        free(buffer, status)

    monkeypatch.setattr(buffers, "free", record_free)
    return lengths


def test_both_buffers_are_freed(freed: list[int]) -> None:
    buffer = written("User", Samples(3).of("User"))
    length = buffer.len
    read("User", buffer)
    # The other buffer has the rows.
    assert len(freed) == 2
    assert freed[0] == length


@pytest.mark.parametrize("cut", [1, 5, 50])
def test_truncated_result_raises_internal_error(cut: int, freed: list[int]) -> None:
    buffer = written("User", Samples(3).of("User"))
    buffer.len -= cut
    with pytest.raises(InternalError, match=r"does not describe.*unexpected end of the stream"):
        read("User", buffer)
    # The other buffer has the error.
    assert len(freed) == 2


def test_error_of_a_call_is_read() -> None:
    error = Samples(1).of("ScalekitError")
    found = read("ScalekitError", uniffi.lower("ScalekitError", to_uniffi("ScalekitError", error)))
    assert isinstance(found, ScalekitError)
    assert type(found) is type(error)
    assert (str(found), found.failure) == (error.failure.summary, error.failure)


def test_shape_of_another_type_raises_internal_error() -> None:
    other = shape_bytes(codec("Organization").shape)
    with pytest.raises(InternalError, match="returned a value that its interface does not describe"):
        take_rows(other, written("User", User(id="usr_1")))
