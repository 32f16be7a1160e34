"""Errors: caught by class, printable, and usable with `copy` and `pickle`."""

from __future__ import annotations

import copy
import gc
import pickle
import sys
import traceback
import weakref

import pytest
import scalekit_rs
from scalekit_rs import Failure, FailureSource, FieldViolation, ScalekitClient, ScalekitError

from support.emulator import Emulator
from support.styles import Blocking

VARIANTS = ScalekitError.__subclasses__()


def failure(summary: str = "organizations.get: 404") -> Failure:
    return Failure(
        summary=summary,
        operation="organizations.get",
        status=404,
        code=None,
        request_id="r",
        retry_after_seconds=None,
        retryable=False,
        field_violations=[FieldViolation(field="f", description="d", constraint=None)],
        source=FailureSource.SCALEKIT,
    )


@pytest.mark.parametrize("variant", VARIANTS)
def test_error_variant_is_a_subclass(variant: type[ScalekitError]) -> None:
    error = variant(failure())
    assert getattr(ScalekitError, variant.__name__) is variant
    assert (str(error), error.failure) == ("organizations.get: 404", failure())
    assert repr(error) == f"ScalekitError.{variant.__name__}('organizations.get: 404')"
    assert traceback.format_exception_only(error) == [f"scalekit_rs.{variant.__qualname__}: {error}\n"]
    assert variant.__doc__


@pytest.mark.parametrize("variant", VARIANTS)
def test_error_can_be_pickled_and_copied(variant: type[ScalekitError]) -> None:
    error = variant(failure())
    for copied in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(copied) is variant
        assert (str(copied), copied.failure) == (str(error), error.failure)


def test_missing_organization_raises_not_found(style: Blocking) -> None:
    with pytest.raises(ScalekitError.NotFound) as caught:
        style.call(lambda client: client.organizations.get("org_unknown"))
    assert str(caught.value) == caught.value.failure.summary
    assert caught.value.failure.status == 404
    assert caught.value.failure.request_id
    assert caught.value.failure.source is FailureSource.SCALEKIT


@pytest.mark.skipif(sys.implementation.name != "cpython", reason="only CPython counts references")
def test_error_and_arguments_are_freed_without_garbage_collector(emulator: Emulator) -> None:
    client = ScalekitClient(*emulator.credentials)
    gc.collect()
    gc.disable()
    try:
        with pytest.raises(ScalekitError.NotFound) as caught:
            client.organizations.get("org_9")
        error = weakref.ref(caught.value)
        del caught
        assert error() is None
    finally:
        gc.enable()


def test_from_env_names_missing_variable(style: Blocking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCALEKIT_ENVIRONMENT_URL", "https://example.scalekit.com")
    monkeypatch.setenv("SCALEKIT_CLIENT_ID", "skc_1")
    monkeypatch.delenv("SCALEKIT_CLIENT_SECRET", raising=False)
    for client in (scalekit_rs.ScalekitClient, scalekit_rs.AsyncScalekitClient):
        with pytest.raises(ScalekitError.InvalidArgument, match="`SCALEKIT_CLIENT_SECRET` is not set"):
            client.from_env()
