"""Logging: what is logged at each level, and secrets, which are never logged."""

from __future__ import annotations

import logging

import pytest
from scalekit_rs import WebhookVerifier

from support.emulator import Emulator
from support.programs import run

CANARIES = ["canary", "hunter2", "eyJ", "Bearer"]


@pytest.mark.parametrize("level", ["TRACE", "DEBUG"])
def test_logs_contain_no_secrets(emulator: Emulator, level: str, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = {"id": "conn_1", "status": "COMPLETED", "oidc_config": {"client_secret": "hunter2"}}
    emulator.seed({"organizations": [{"id": "org_1", "display_name": "Acme", "connections": [connection]}]})
    monkeypatch.setenv("LEVEL", level)
    log = run("logs.py", emulator).stderr
    assert "organizations.get" in log
    assert "404" in log
    assert [canary for canary in [*CANARIES, emulator.client_secret] if canary in log] == []


def test_call_without_requests_delivers_its_events(caplog: pytest.LogCaptureFixture) -> None:
    verifier = WebhookVerifier(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
    body = b'{"id": "evt_1", "type": "organization.created", "data": 7}'
    for level, expected in [(logging.WARNING, 1), (logging.ERROR, 0), (logging.WARNING, 1)]:
        caplog.set_level(level, "scalekit")
        caplog.clear()
        assert verifier.read_verified(body).event_type == "organization.created"
        assert len(caplog.records) == expected
        assert all("does not match the API description" in record.message for record in caplog.records)


def test_logging_is_off_by_default(emulator: Emulator) -> None:
    program = "import scalekit_rs; scalekit_rs.ScalekitClient.from_env().organizations.list()"
    done = run(program, emulator)
    assert (done.stdout, done.stderr) == ("", "")


def test_error_level_omits_debug_lines(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    emulator.seed(
        {"organizations": [{"id": "org_1", "display_name": "Acme", "connections": [{"id": "conn_1"}]}]}
    )
    monkeypatch.setenv("LEVEL", "ERROR")
    assert "DEBUG" not in run("logs.py", emulator).stderr
