"""Fault injection: the right error before the deadline, bounded memory, no secret sent to another server, no
repeated write. The table in tests/faults lists the faults and the expected outcome of the call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from scalekit_rs import (
    CallOptions,
    ClientOptions,
    CreateOrganization,
    ExpectedAudience,
    RetryOptions,
    ScalekitError,
    TokenExpectations,
)

from support.faults import Case, Faults, Json, all_cases
from support.styles import Blocking

FAST_RETRIES = RetryOptions(max_retries=2, base_delay_seconds=0.001, max_delay_seconds=0.002)
LONG_TIMEOUT = CallOptions(timeout_seconds=60.0)


@pytest.fixture(scope="module")
def faults() -> Iterator[Faults]:
    faults = Faults()
    yield faults
    faults.stop()


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.name)
def test_fault_ends_as_expected(style_class: type[Blocking], faults: Faults, case: Case) -> None:
    # Cases that use much memory run one at a time, so that the use can be attributed.
    with ThreadPoolExecutor(1 if case.heavy else len(case.targets)) as threads:
        results = threads.map(lambda target: run_case(style_class, faults, case, target), case.targets)
        assert [complaint for complaints in results for complaint in complaints] == []


def run_case(style_class: type[Blocking], faults: Faults, case: Case, target: str) -> list[str]:
    """Runs a case at one request, and then a call without the fault. Returns the complaints."""
    site = faults.start(case, target)
    options = ClientOptions(
        timeout_seconds=site["timeout_seconds"],
        root_certificates_pem=site["root_certificates_pem"],
        retry=FAST_RETRIES,
    )
    style = style_class((site["environment_url"], site["client_id"], site["client_secret"]), options)
    call = calls(site["token"])[target]
    first = faults.command(judge=site["site"], outcome=outcome(style, call))
    recovered = (
        outcome(style, lambda client: call(client.with_options(LONG_TIMEOUT))) if first["heals"] else None
    )
    last = faults.command(end=site["site"], outcome=recovered)
    return [f"{target}: {complaint}" for complaint in first["complaints"] + last["complaints"]]


def calls(token: str) -> dict[str, Callable[[Any], Any]]:
    any_audience = TokenExpectations(audience=ExpectedAudience.unchecked())

    def create(client: Any) -> Any:
        return client.organizations.create(CreateOrganization(display_name="New"))

    return {
        "read": lambda client: client.organizations.get("org_1"),
        "write": create,
        "token": create,
        "keys": lambda client: client.jwks(),
        "check": lambda client: client.tokens.validate(token, any_audience),
    }


def outcome(style: Blocking, call: Callable[[Any], Any]) -> Json:
    try:
        result = style.call(call)
    except ScalekitError as error:
        failure = error.failure
        return {
            "kind": type(error).__name__,
            "says": str(error),
            "operation": failure.operation,
            "status": failure.status,
        }
    return {"kind": "Answer", "says": getattr(result, "id", "keys"), "operation": "", "status": None}
