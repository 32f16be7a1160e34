"""Reading: what comes as rows and is read later is what UniFFI's own reader reads."""

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
    # Converters are made when somebody looks at them.
    getattr(getattr(native, name), "read", None)

ROWS = {
    kind.__name__.removeprefix("_UniffiFfiConverter"): kind for kind in native._RowsConverter.__subclasses__()
}
GIVEN = sorted(set(re.findall(r"return _UniffiFfiConverter(\w+)\.lift\(", inspect.getsource(native))))
RECORDS = [kind.__name__ for kind in _Record.__subclasses__()]

# Objects that the library counts (secrets among them), or unions, are somewhere in these: they are read
# at once.
AT_ONCE = {
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


def generated(of: Any, value: Any, stream: type[Any] = GENERATED_STREAM) -> Any:
    buffer = of.lower(value)
    try:
        read = stream(buffer.data, buffer.len)
        result = of.read(read)
        assert read.remaining() == 0
        return result
    finally:
        buffer.free()


def user(seed: int = 3) -> User:
    """One that is unread, and has a profile and memberships."""
    values = Values(seed)
    whole = values.of("TypeUser")
    whole.user_profile, whole.memberships = values.of("TypeUserProfile"), [values.of("TypeMembership")]
    return again(whole)


def again(whole: User) -> User:
    of = converter("TypeUser")
    read = of.lift_rows(of.lower(whole))
    assert isinstance(read, User)
    return read


def is_unread(record: _Record) -> bool:
    # Not through the record: it would be asked for a field then.
    return any(
        type(held) is list and len(held) == len(type(record).__slots__) for held in gc.get_referents(record)
    )


def is_record(name: str) -> bool:
    return "Type" in name and issubclass(getattr(native, name.rpartition("Type")[2]), _Record)


def test_every_response_is_lazy_or_listed_as_eager() -> None:
    records = {name for name in GIVEN if is_record(name)}
    assert len(ROWS) > 70
    assert records == ROWS.keys() | AT_ONCE
    assert not ROWS.keys() & AT_ONCE
    for name in AT_ONCE:
        assert issubclass(converter(name), native._UniffiConverterRustBuffer)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_lazy_and_generated_readers_agree(name: str) -> None:
    of = ROWS[name]
    for seed in range(20):
        value = Values(seed).of(name)
        read = of.lift_rows(of.lower(value))
        assert plain(read) == plain(value) == plain(generated(of, value))


@pytest.mark.parametrize("kind", RECORDS)
def test_copied_and_generated_streams_agree(kind: str) -> None:
    of = converter(f"Type{kind}")
    for seed in range(5):
        value = Values(seed).of(f"Type{kind}")
        one, other = (
            generated(of, Values(seed).of(f"Type{kind}"), s) for s in (GENERATED_STREAM, native._CopiedStream)
        )
        assert plain(one) == plain(other) == plain(value)


def test_huge_response_is_decoded() -> None:
    page = UserPage(
        users=[Values(seed, most=30).of("TypeUser") for seed in range(300)], next_page_token="ü" * 1_000_000
    )
    of = converter("TypeUserPage")
    assert plain(of.lift_rows(of.lower(page))) == plain(page)


def test_record_is_filled_on_first_access(monkeypatch: pytest.MonkeyPatch) -> None:
    one = user()
    monkeypatch.delattr(native, "_fill_the_rest")
    assert type(one) is User
    assert is_unread(one)
    assert one.id == user().id
    assert not is_unread(one)
    profile = one.user_profile
    assert type(profile) is UserProfile
    assert profile is one.user_profile
    assert is_unread(profile)
    assert one.memberships is one.memberships
    assert type(one.memberships[0]) is Membership


LOOKS: dict[str, Callable[[User], User]] = {
    "compared": lambda one: one if one == user() else pytest.fail("different"),
    "compared from the other side": lambda one: one if plain_user() == one else pytest.fail("different"),
    "printed": lambda one: one if repr(one) == repr(plain_user()) else pytest.fail(repr(one)),
    "copied": copy.copy,
    "copied deeply": copy.deepcopy,
    "stored": lambda one: pickle.loads(pickle.dumps(one)),
    "lowered": again,
}


def plain_user() -> User:
    read = generated(converter("TypeUser"), user())
    assert isinstance(read, User)
    return read


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_any_first_use_fills_record(look: Callable[[User], User]) -> None:
    one = user()
    assert is_unread(one)
    assert plain(look(one)) == plain(one) == plain(plain_user())


def test_copies_of_lazy_record_share_or_duplicate_values() -> None:
    one, other = user(), user()
    assert copy.copy(one).memberships is one.memberships
    assert copy.deepcopy(other).memberships is not other.memberships


def test_field_set_before_first_access_is_kept() -> None:
    one, profile = user(), UserProfile(name="new")
    one.email, one.user_profile, one.external_id = "new@acme.test", profile, None
    assert is_unread(one)
    assert one.id == user().id
    assert (one.email, one.user_profile, one.external_id) == ("new@acme.test", profile, None)
    assert one.user_profile is profile
    assert one.memberships == user().memberships


def test_unknown_field_raises_attribute_error() -> None:
    one = user()
    with pytest.raises(AttributeError, match="'User' object has no attribute 'emial'"):
        one.emial  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(AttributeError):
        one.emial = "typo"  # type: ignore[attr-defined]
    assert not hasattr(User(), "emial")
    del one.email
    assert not hasattr(one, "email")


def test_lazy_record_matches_patterns() -> None:
    match user():
        case User(user_profile=UserProfile(), id=str(found)):
            assert found == user().id
        case other:
            pytest.fail(repr(other))


@pytest.fixture
def hasty() -> Iterator[None]:
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-9)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty")
def test_concurrent_first_accesses_return_same_objects() -> None:
    for seed in range(200):
        one, start = user(seed), threading.Barrier(4)
        seen: list[tuple[Any, Any]] = []

        def look(one: User = one, start: threading.Barrier = start, seen: list[Any] = seen) -> None:
            start.wait()
            profile = one.user_profile
            assert profile
            seen.append((profile, profile.metadata))

        threads = [threading.Thread(target=look) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(seen) == 4
        assert all(profile is seen[0][0] and metadata is seen[0][1] for profile, metadata in seen)


def test_one_thread_fills_record_while_others_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    one, new = user(), native._unread
    seen: list[Any] = []
    other = threading.Thread(target=lambda: seen.append(one.user_profile))

    def asks(kind: type[Any], row: Any) -> Any:
        assert native._filling == {id(one): threading.get_ident()}
        if not other.is_alive():
            other.start()
        return new(kind, row)

    monkeypatch.setattr(native, "_unread", asks)
    profile = one.user_profile
    other.join()
    assert seen == [profile]
    assert seen[0] is profile
    assert native._filling == {}


def test_access_from_finalizer_returns_same_object(monkeypatch: pytest.MonkeyPatch) -> None:
    one = user()
    seen: list[Any] = []
    new = native._unread

    def looks(kind: type[Any], row: Any) -> Any:
        # As a finalizer may, which runs while the values for the fields are made.
        if not seen:
            seen.append(None)
            seen[0] = one.user_profile
        return new(kind, row)

    monkeypatch.setattr(native, "_unread", looks)
    assert one.user_profile is seen[0]
    assert not is_unread(one)


def test_both_buffers_are_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    of, free, freed = converter("TypeUser"), native._UniffiLib.ffi_scalekit_rustbuffer_free, []

    def noted(buffer: Any, status: Any) -> None:
        freed.append(buffer.len)
        free(buffer, status)

    whole, broken = of.lower(user()), of.lower(user())
    length = whole.len
    broken.len -= 1
    monkeypatch.setattr(native._UniffiLib, "ffi_scalekit_rustbuffer_free", noted)
    of.lift_rows(whole)
    assert len(freed) == 2
    assert freed[0] == length
    with pytest.raises(ScalekitError.Internal):
        of.lift_rows(broken)
    # The other one holds the error.
    assert len(freed) == 4
    assert length - 1 in freed[2:]


@pytest.mark.parametrize("cut", [1, 5, 50])
def test_truncated_stream_raises_internal_error(cut: int) -> None:
    of = converter("TypeUser")
    buffer = of.lower(user())
    buffer.len -= cut
    with pytest.raises(ScalekitError.Internal, match="a stream that ends early"):
        of.lift_rows(buffer)


@pytest.mark.parametrize("reader", ["generated", ""])
def test_environment_variable_selects_reader(reader: str) -> None:
    program = (
        "from scalekit_rs._native import scalekit as native\n"
        "print(native._RowsConverter.lift == native._RowsConverter.lift_rows,"
        " native._UniffiRustBufferStream is native._CopiedStream)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        env={"SCALEKIT_PYTHON_READER": reader},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == (["False"] * 2 if reader else ["True"] * 2)
