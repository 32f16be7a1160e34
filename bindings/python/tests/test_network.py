"""Servers that do not respond, and idle connections that the server closes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from scalekit_rs import ClientOptions, CreateOrganization, RetryOptions, ScalekitError

from support.emulator import Emulator
from support.servers import silent
from support.styles import Blocking

SHORT = ClientOptions(timeout_seconds=0.4)

CALLS: dict[str, Callable[[Any], Any]] = {
    "oauth.token": lambda client: client.organizations.list(),
    "oauth.keys": lambda client: client.jwks(),
}


@pytest.mark.parametrize("call", CALLS)
def test_silent_server_times_out(style_class: type[Blocking], call: str) -> None:
    with silent() as url:
        style = style_class((url, "id", "secret"), SHORT)
        with pytest.raises(ScalekitError.Timeout):
            style.call(CALLS[call])


def test_stalled_operation_times_out(style_class: type[Blocking], emulator: Emulator) -> None:
    emulator.fault("organizations.get", "delay", forever=True)
    style = style_class(emulator.credentials, SHORT)
    with pytest.raises(ScalekitError.Timeout) as caught:
        style.call(lambda client: client.organizations.get("org_1"))
    assert caught.value.failure.operation == "organizations.get"


def test_idle_connection_closed_by_server_causes_no_failure(
    style_class: type[Blocking], emulator: Emulator
) -> None:
    emulator.seed_organizations(1)
    style = style_class(emulator.credentials, ClientOptions(retry=RetryOptions(base_delay_seconds=0.001)))
    new = CreateOrganization(display_name="New")
    for rounds in range(1, 6):
        emulator.fault("organizations.get", "close_idle")
        for _ in range(2):
            assert style.call(lambda client: client.organizations.get("org_1")).id == "org_1"
        emulator.fault("organizations.create", "close_idle")
        style.call(lambda client: client.organizations.create(new))
        # A read in between, which can be retried: the close may not have reached the client yet.
        style.call(lambda client: client.organizations.get("org_1"))
        style.call(lambda client: client.organizations.create(new))
        assert len(emulator.requests("organizations.create")) == 2 * rounds


def test_refused_connection_raises_connection_error(style_class: type[Blocking]) -> None:
    style = style_class(
        ("http://127.0.0.1:1", "id", "secret"), ClientOptions(retry=RetryOptions(max_retries=0))
    )
    with pytest.raises(ScalekitError.Connection, match="cannot connect"):
        style.call(lambda client: client.organizations.list())
