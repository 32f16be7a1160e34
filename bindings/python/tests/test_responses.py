"""Responses: immutable views of rows, whose fields are converted when they are read."""

from __future__ import annotations

import copy
import datetime
import pickle
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from scalekit_rs import Membership, Organization, ToolExecution, User, UserProfile
from scalekit_rs._runtime.plans import plan_of
from scalekit_rs._runtime.records import _restore
from scalekit_rs._runtime.rows import view
from scalekit_rs._runtime.values import codec

from support.functions import RESPONSES
from support.samples import Samples

PLAIN = [kind for kind in RESPONSES if not codec(kind.__name__).has_objects]
WITH_OBJECTS = [kind for kind in RESPONSES if codec(kind.__name__).has_objects]


def user(seed: int = 3) -> User:
    """A user with a profile and memberships."""
    values = Samples(seed)
    profile, membership = values.of("UserProfile"), values.of("Membership")
    found: User = values.of("User").__replace__(user_profile=profile, memberships=[membership])
    return found


def same(record: Any) -> Any:
    """An equal record over a row of its own."""
    return view(type(record), copy.deepcopy(record._row))


def test_field_is_converted_when_it_is_read() -> None:
    at = plan_of(User).names.index("create_time")
    one = user()
    one._row[at] = "not a time"
    assert (one.id, one.user_profile) == (user().id, user().user_profile)
    with pytest.raises(ValueError, match="not a time"):
        one.create_time  # noqa: B018


def test_fields_have_their_types() -> None:
    one = user().__replace__(create_time=datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc))
    assert type(one.user_profile) is UserProfile
    assert [type(membership) for membership in one.memberships] == [Membership]
    assert one.create_time == datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc)


@pytest.mark.parametrize("kind", RESPONSES)
def test_fields_cannot_be_set(kind: Any) -> None:
    one = Samples(1).of_class(kind)
    for name in plan_of(type(one)).names:
        before = repr(one)
        with pytest.raises(AttributeError):
            setattr(one, name, None)
        with pytest.raises(AttributeError):
            delattr(one, name)
        assert repr(one) == before
    with pytest.raises(AttributeError):
        one.no_such_field = 1


def change(value: Any) -> None:
    """Changes all lists and dictionaries in a value of a field."""
    if type(value) is list:
        for item in value:
            change(item)
        value.append(None)
    elif type(value) is dict:
        for item in value.values():
            change(item)
        value["new"] = None


@pytest.mark.parametrize("kind", RESPONSES)
def test_changing_a_returned_list_does_not_change_the_record(kind: Any) -> None:
    for seed in range(5):
        one = Samples(seed).of_class(kind)
        before = repr(one)
        for name in plan_of(type(one)).names:
            change(getattr(one, name))
        assert repr(one) == before


def test_changing_an_argument_does_not_change_the_record() -> None:
    metadata: dict[str, str] = {"plan": "gold"}
    data: list[Any] = [{"a": []}]
    one, execution = User(metadata=metadata), ToolExecution(data=data)
    metadata["plan"] = "lead"
    data[0]["a"].append(1)
    assert one.metadata == {"plan": "gold"}
    assert execution.data == [{"a": []}]


def test_unknown_field_raises_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'User' object has no attribute 'emial'"):
        user().emial  # type: ignore[attr-defined]  # noqa: B018
    assert not hasattr(User(), "emial")


def test_omitted_fields_are_empty() -> None:
    empty = User()
    assert (empty.id, empty.memberships, empty.metadata) == ("", [], {})
    assert (empty.user_profile, empty.create_time) == (None, None)


def test_record_matches_patterns() -> None:
    match user():
        case User(user_profile=UserProfile(), id=str(found)):
            assert found == user().id
        case other:
            pytest.fail(repr(other))


@pytest.mark.parametrize("kind", PLAIN)
def test_equal_rows_are_equal_and_have_equal_hashes(kind: Any) -> None:
    found = [Samples(seed).of_class(kind) for seed in range(10)]
    for one in found:
        other = same(one)
        # As everywhere in Python, NaN does not equal itself.
        assert (one == other) == ("nan" not in repr(one))
        assert hash(same(one)) == hash(other) or "nan" in repr(one)
        assert one != one._row
    assert any(one != found[0] for one in found)


def test_record_that_was_created_equals_record_that_was_received() -> None:
    local = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
    time = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
    received = view(Organization, Organization(id="org_1", create_time=time)._row)
    assert Organization(id="org_1", create_time=time.astimezone(local)) == received
    assert Organization(id="org_2", create_time=time) != received
    assert len({received, Organization(id="org_1", create_time=time)}) == 1


@pytest.mark.parametrize("kind", WITH_OBJECTS)
def test_record_with_objects_compares_them(kind: Any) -> None:
    one = Samples(2).of_class(kind)
    assert one == view(type(one), list(one._row))
    with pytest.raises(TypeError, match="contains secrets"):
        pickle.dumps(one)


@pytest.mark.parametrize("kind", PLAIN)
def test_record_can_be_pickled_and_copied(kind: Any) -> None:
    for seed in range(10):
        one = Samples(seed).of_class(kind)
        assert copy.copy(one) is copy.deepcopy(one) is one
        restored = pickle.loads(pickle.dumps(one))
        assert type(restored) is type(one)
        assert repr(restored) == repr(one)
        assert restored == one or "nan" in repr(one)


class Pickled:
    """A record as another version of the package pickled it: with other fields."""

    def __init__(self, kind: type[Any], data: dict[str, Any]) -> None:
        self.kind, self.data = kind, data

    def __reduce__(self) -> Any:
        return _restore, (self.kind, 1, self.data)


def test_pickle_of_another_version_is_read_by_name() -> None:
    data = user().to_dict() | {"shoe_size": 43}
    del data["email"]
    restored = pickle.loads(pickle.dumps(Pickled(User, data)))
    assert type(restored) is User
    assert restored == user().__replace__(email="")


@pytest.fixture
def frequent_thread_switches() -> Iterator[None]:
    """Makes Python switch threads as often as possible."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-9)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("frequent_thread_switches")
def test_threads_read_the_same_values() -> None:
    for seed in range(50):
        one, start = same(user(seed)), threading.Barrier(4)
        seen: list[Any] = []

        def access(one: User = one, start: threading.Barrier = start, seen: list[Any] = seen) -> None:
            start.wait()
            seen.append((one.id, one.user_profile, one.memberships, one.metadata, one.create_time))

        threads = [threading.Thread(target=access) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        expected = user(seed)
        assert (
            seen
            == [
                (
                    expected.id,
                    expected.user_profile,
                    expected.memberships,
                    expected.metadata,
                    expected.create_time,
                )
            ]
            * 4
        )
