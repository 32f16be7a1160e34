"""Errors as Python programs use them: created in tests, matched, pickled, and stored by task queues."""

from __future__ import annotations

import copy
import json
import pickle
import sys
from typing import Any

import pytest
import scalekit_rs
from scalekit_rs import FailureSource, FieldViolation, ScalekitClient, ScalekitError

from support.emulator import Emulator

# Without type hints, as in a program that uses no type checker.
untyped: Any = scalekit_rs


@pytest.fixture
def caught(emulator: Emulator) -> ScalekitError:
    """An error that a call raised."""
    with pytest.raises(ScalekitError.InvalidRequest) as caught:
        ScalekitClient(*emulator.credentials).request(
            scalekit_rs.HttpMethod.POST, "/api/v1/organizations", body={"display_name": 7}
        )
    return caught.value


def test_text_suffices_to_create_an_error() -> None:
    error = ScalekitError.NotFound("org_1 is missing")
    assert str(error) == error.failure.summary == "org_1 is missing"
    assert repr(error) == "ScalekitError.NotFound('org_1 is missing')"
    assert (error.status, error.code, error.request_id, error.retryable) == (None, None, None, False)
    assert (error.source, error.field_violations) == (FailureSource.CLIENT, [])
    assert str(ScalekitError.Timeout()) == ""


def test_details_of_error_are_keywords() -> None:
    violation = FieldViolation(field="display_name", description="too long")
    error = ScalekitError.InvalidRequest(
        "invalid", status=400, code="INVALID", request_id="req_1", field_violations=[violation]
    )
    assert (error.status, error.code, error.request_id) == (400, "INVALID", "req_1")
    assert error.field_violations == [violation]
    with pytest.raises(TypeError, match=r"Failure has no field `statuses`; did you mean `status`\?"):
        untyped.ScalekitError.NotFound("x", statuses=404)


def test_error_has_details_beside_failure(caught: ScalekitError) -> None:
    assert (caught.status, caught.code) == (caught.failure.status, caught.failure.code)
    assert caught.status == 400
    assert caught.request_id
    assert caught.request_id == caught.failure.request_id
    assert (caught.source, caught.retryable) == (FailureSource.SCALEKIT, False)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_error_survives_pickle(caught: ScalekitError, protocol: int) -> None:
    read = pickle.loads(pickle.dumps(caught, protocol))
    assert type(read) is ScalekitError.InvalidRequest
    assert (str(read), read.failure) == (str(caught), caught.failure)


def test_error_survives_copy(caught: ScalekitError) -> None:
    for copied in (copy.copy(caught), copy.deepcopy(caught)):
        assert type(copied) is type(caught)
        assert (str(copied), copied.failure) == (str(caught), caught.failure)


def test_error_survives_json_results_of_celery(caught: ScalekitError) -> None:
    # What `celery.backends.base.Backend` stores with the serializer `json`, and how it creates the exception
    # again.
    kind = type(caught)
    stored = json.dumps(
        {"exc_type": kind.__qualname__, "exc_message": caught.args, "exc_module": kind.__module__}
    )
    data = json.loads(stored)
    found: Any = sys.modules[data["exc_module"]]
    for name in data["exc_type"].split("."):
        found = getattr(found, name)
    read = found(*data["exc_message"])
    assert type(read) is ScalekitError.InvalidRequest
    assert (str(read), read.failure) == (str(caught), caught.failure)


def test_variants_are_nested_classes() -> None:
    assert issubclass(ScalekitError.NotFound, ScalekitError)
    assert not issubclass(ScalekitError.NotFound, ScalekitError.Conflict)
    assert ScalekitError.NotFound.__qualname__ == "ScalekitError.NotFound"
    with pytest.raises(ScalekitError.NotFound):
        raise ScalekitError.NotFound("x")
    match ScalekitError.Conflict("x", status=409):
        case ScalekitError.NotFound():
            pytest.fail("matched another variant")
        case ScalekitError.Conflict(status=status):
            assert status == 409
