"""Lazy decoding of responses: the results equal those of UniFFI's own reader."""

from __future__ import annotations

import copy
import gc
import inspect
import pickle
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from scalekit_rs import Membership, ScalekitError, User, UserPage, UserProfile
from scalekit_rs._native.scalekit import _Record

from support.converters import GENERATED_STREAM, Values, converter, native, plain

for name in [name for name in dir(native) if name.startswith("_UniffiFfiConverter")]:
    # Attribute access creates lazy converters.
    getattr(getattr(native, name), "read", None)

ROWS = {
    kind.__name__.removeprefix("_UniffiFfiConverter"): kind for kind in native._RowsConverter.__subclasses__()
}
RESPONSES = sorted(set(re.findall(r"return _UniffiFfiConverter(\w+)\.lift\(", inspect.getsource(native))))
RECORDS = [kind.__name__ for kind in _Record.__subclasses__()]

# Responses that contain objects (including secrets) or unions. They are decoded eagerly.
EAGER = {
    "OptionalSequenceTypeM2mClient",
    "TypeConnectedAccount",
    "TypeConnection",
    "TypeIdpInitiatedLogin",
    "TypeInterceptorRequest",
    "TypeLoginOutcome",
    "TypeM2mClient",
    "TypeM2mClientPage",
    "TypeMachineToken",
    "TypeMcpSessionToken",
    "TypeNewClientSecret",
    "TypeNewM2mClient",
    "TypePkce",
    "TypeStartedLogin",
    "TypeUpdateConnectedAccount",
    "TypeWebhookEvent",
}


def read_eagerly(of: Any, value: Any, stream_class: type[Any] = GENERATED_STREAM) -> Any:
    buffer = of.lower(value)
    try:
        stream = stream_class(buffer.data, buffer.len)
        result = of.read(stream)
        assert stream.remaining() == 0
        return result
    finally:
        buffer.free()


def lazy_user(seed: int = 3) -> User:
    """A lazy record with a profile and memberships."""
    values = Values(seed)
    user = values.of("TypeUser")
    user.user_profile, user.memberships = values.of("TypeUserProfile"), [values.of("TypeMembership")]
    return read_lazily(user)


def read_lazily(user: User) -> User:
    of = converter("TypeUser")
    result = of.lift_rows(of.lower(user))
    assert isinstance(result, User)
    return result


def is_lazy(record: _Record) -> bool:
    # Not by attribute access, which would fill the record.
    return any(
        type(value) is list and len(value) == len(type(record).__slots__)
        for value in gc.get_referents(record)
    )


def is_record(name: str) -> bool:
    return "Type" in name and issubclass(getattr(native, name.rpartition("Type")[2]), _Record)


def test_every_response_is_lazy_or_listed_as_eager() -> None:
    records = {name for name in RESPONSES if is_record(name)}
    assert len(ROWS) > 70
    assert records == ROWS.keys() | EAGER
    assert not ROWS.keys() & EAGER
    for name in EAGER:
        assert issubclass(converter(name), native._UniffiConverterRustBuffer)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_lazy_and_generated_readers_agree(name: str) -> None:
    of = ROWS[name]
    for seed in range(20):
        value = Values(seed).of(name)
        result = of.lift_rows(of.lower(value))
        assert plain(result) == plain(value) == plain(read_eagerly(of, value))


@pytest.mark.parametrize("kind", RECORDS)
def test_copied_and_generated_streams_agree(kind: str) -> None:
    of = converter(f"Type{kind}")
    for seed in range(5):
        value = Values(seed).of(f"Type{kind}")
        one, other = (
            read_eagerly(of, Values(seed).of(f"Type{kind}"), s)
            for s in (GENERATED_STREAM, native._CopiedStream)
        )
        assert plain(one) == plain(other) == plain(value)


def test_huge_response_is_decoded() -> None:
    page = UserPage(
        users=[Values(seed, max_items=30).of("TypeUser") for seed in range(300)],
        next_page_token="ü" * 1_000_000,
    )
    of = converter("TypeUserPage")
    assert plain(of.lift_rows(of.lower(page))) == plain(page)


def test_record_is_filled_on_first_access(monkeypatch: pytest.MonkeyPatch) -> None:
    one = lazy_user()
    monkeypatch.delattr(native, "_fill_unset")
    assert type(one) is User
    assert is_lazy(one)
    assert one.id == lazy_user().id
    assert not is_lazy(one)
    profile = one.user_profile
    assert type(profile) is UserProfile
    assert profile is one.user_profile
    assert is_lazy(profile)
    assert one.memberships is one.memberships
    assert type(one.memberships[0]) is Membership


FIRST_USES: dict[str, Callable[[User], User]] = {
    "left operand of ==": lambda one: one if one == lazy_user() else pytest.fail("different"),
    "right operand of ==": lambda one: one if eager_user() == one else pytest.fail("different"),
    "repr": lambda one: one if repr(one) == repr(eager_user()) else pytest.fail(repr(one)),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda one: pickle.loads(pickle.dumps(one)),
    "lower": read_lazily,
}


def eager_user() -> User:
    result = read_eagerly(converter("TypeUser"), lazy_user())
    assert isinstance(result, User)
    return result


@pytest.mark.parametrize("use", FIRST_USES.values(), ids=FIRST_USES)
def test_any_first_use_fills_record(use: Callable[[User], User]) -> None:
    one = lazy_user()
    assert is_lazy(one)
    assert plain(use(one)) == plain(one) == plain(eager_user())


def test_copies_of_lazy_record_share_or_duplicate_values() -> None:
    one, other = lazy_user(), lazy_user()
    assert copy.copy(one).memberships is one.memberships
    assert copy.deepcopy(other).memberships is not other.memberships


def test_field_set_before_first_access_is_kept() -> None:
    one, profile = lazy_user(), UserProfile(name="new")
    one.email, one.user_profile, one.external_id = "new@acme.test", profile, None
    assert is_lazy(one)
    assert one.id == lazy_user().id
    assert (one.email, one.user_profile, one.external_id) == ("new@acme.test", profile, None)
    assert one.user_profile is profile
    assert one.memberships == lazy_user().memberships


def test_unknown_field_raises_attribute_error() -> None:
    one = lazy_user()
    with pytest.raises(AttributeError, match="'User' object has no attribute 'emial'"):
        one.emial  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(AttributeError):
        one.emial = "typo"  # type: ignore[attr-defined]
    assert not hasattr(User(), "emial")
    del one.email
    assert not hasattr(one, "email")


def test_lazy_record_matches_patterns() -> None:
    match lazy_user():
        case User(user_profile=UserProfile(), id=str(found)):
            assert found == lazy_user().id
        case other:
            pytest.fail(repr(other))


@pytest.fixture
def frequent_thread_switches() -> Iterator[None]:
    """Makes Python switch threads as often as possible."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-9)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("frequent_thread_switches")
def test_concurrent_first_accesses_return_same_objects() -> None:
    for seed in range(200):
        one, start = lazy_user(seed), threading.Barrier(4)
        seen: list[tuple[Any, Any]] = []

        def access(one: User = one, start: threading.Barrier = start, seen: list[Any] = seen) -> None:
            start.wait()
            profile = one.user_profile
            assert profile
            seen.append((profile, profile.metadata))

        threads = [threading.Thread(target=access) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(seen) == 4
        assert all(profile is seen[0][0] and metadata is seen[0][1] for profile, metadata in seen)


def test_one_thread_fills_record_while_others_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    one, original = lazy_user(), native._lazy_record
    seen: list[Any] = []
    other = threading.Thread(target=lambda: seen.append(one.user_profile))

    def start_other(kind: type[Any], row: Any) -> Any:
        assert native._filling == {id(one): threading.get_ident()}
        if not other.is_alive():
            other.start()
        return original(kind, row)

    monkeypatch.setattr(native, "_lazy_record", start_other)
    profile = one.user_profile
    other.join()
    assert seen == [profile]
    assert seen[0] is profile
    assert native._filling == {}


def test_access_from_finalizer_returns_same_object(monkeypatch: pytest.MonkeyPatch) -> None:
    one = lazy_user()
    seen: list[Any] = []
    original = native._lazy_record

    def access(kind: type[Any], row: Any) -> Any:
        # A finalizer may do this, because it can run while the values of the fields are created.
        if not seen:
            seen.append(None)
            seen[0] = one.user_profile
        return original(kind, row)

    monkeypatch.setattr(native, "_lazy_record", access)
    assert one.user_profile is seen[0]
    assert not is_lazy(one)


def test_both_buffers_are_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    of, free, freed = converter("TypeUser"), native._UniffiLib.ffi_scalekit_rustbuffer_free, []

    def record_free(buffer: Any, status: Any) -> None:
        freed.append(buffer.len)
        free(buffer, status)

    intact, truncated = of.lower(lazy_user()), of.lower(lazy_user())
    length = intact.len
    truncated.len -= 1
    monkeypatch.setattr(native._UniffiLib, "ffi_scalekit_rustbuffer_free", record_free)
    of.lift_rows(intact)
    assert len(freed) == 2
    assert freed[0] == length
    with pytest.raises(ScalekitError.Internal):
        of.lift_rows(truncated)
    # The other buffer contains the error.
    assert len(freed) == 4
    assert length - 1 in freed[2:]


@pytest.mark.parametrize("cut", [1, 5, 50])
def test_truncated_stream_raises_internal_error(cut: int) -> None:
    of = converter("TypeUser")
    buffer = of.lower(lazy_user())
    buffer.len -= cut
    with pytest.raises(ScalekitError.Internal, match="unexpected end of the stream"):
        of.lift_rows(buffer)


@pytest.mark.parametrize("reader", ["generated", ""])
def test_environment_variable_selects_reader(reader: str) -> None:
    program = (
        "from scalekit_rs._native import scalekit as native\n"
        "print(native._RowsConverter.lift == native._RowsConverter.lift_rows,"
        " native._UniffiRustBufferStream is native._CopiedStream)"
    )
    process = subprocess.run(
        [sys.executable, "-c", program],
        env={"SCALEKIT_PYTHON_READER": reader},
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout.split() == (["False"] * 2 if reader else ["True"] * 2)
