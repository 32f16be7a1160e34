"""Whatever the other side does: an error of the right kind in time, a bounded appetite, no secret in the
wrong hands, no write twice. What can go wrong, and how a call must end then, is the table of tests/faults."""

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

AT_ONCE = RetryOptions(max_retries=2, base_delay_seconds=0.001, max_delay_seconds=0.002)
PATIENT = CallOptions(timeout_seconds=60.0)


@pytest.fixture(scope="module")
def faults() -> Iterator[Faults]:
    faults = Faults()
    yield faults
    faults.stop()


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.name)
def test_fault_ends_as_expected(style_class: type[Blocking], faults: Faults, case: Case) -> None:
    # What takes memory is done one at a time, so that it is known who took it.
    with ThreadPoolExecutor(1 if case.heavy else len(case.targets)) as threads:
        played = threads.map(lambda target: play(style_class, faults, case, target), case.targets)
        assert [complaint for complaints in played for complaint in complaints] == []


def play(style_class: type[Blocking], faults: Faults, case: Case, target: str) -> list[str]:
    """Plays a case at one request, and then a call when all is well again. Gives the complaints."""
    site = faults.start(case, target)
    options = ClientOptions(
        timeout_seconds=site["timeout_seconds"],
        root_certificates_pem=site["root_certificates_pem"],
        retry=AT_ONCE,
    )
    style = style_class((site["environment_url"], site["client_id"], site["client_secret"]), options)
    call = calls(site["token"])[target]
    first = faults.order(judge=site["site"], outcome=outcome(style, call))
    again = outcome(style, lambda client: call(client.with_options(PATIENT))) if first["heals"] else None
    last = faults.order(end=site["site"], outcome=again)
    return [f"{target}: {complaint}" for complaint in first["complaints"] + last["complaints"]]


def calls(token: str) -> dict[str, Callable[[Any], Any]]:
    anybody = TokenExpectations(audience=ExpectedAudience.unchecked())

    def create(client: Any) -> Any:
        return client.organizations.create(CreateOrganization(display_name="New"))

    return {
        "read": lambda client: client.organizations.get("org_1"),
        "write": create,
        "token": create,
        "keys": lambda client: client.jwks(),
        "check": lambda client: client.tokens.validate(token, anybody),
    }


def outcome(style: Blocking, call: Callable[[Any], Any]) -> Json:
    try:
        answer = style.call(call)
    except ScalekitError as error:
        failure = error.failure
        return {
            "kind": type(error).__name__,
            "says": str(error),
            "operation": failure.operation,
            "status": failure.status,
        }
    return {"kind": "Answer", "says": getattr(answer, "id", "keys"), "operation": "", "status": None}
