"""Logging: what is logged at each level, and secrets, which are never logged."""

from __future__ import annotations

import pytest

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
