"""The messages of log records, their attributes, and the variable `SCALEKIT_LOG`."""

from __future__ import annotations

import asyncio
import logging

import pytest
from scalekit_rs import ScalekitClient, ScalekitError

from support.emulator import Emulator
from support.programs import run

DETAILS = ("operation", "status", "request_id", "duration")


def test_message_shows_details_of_request(emulator: Emulator, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "scalekit")
    with ScalekitClient(*emulator.credentials) as client, pytest.raises(ScalekitError.NotFound):
        client.organizations.get("org_1")
    record = caplog.records[-1]
    operation, status, request_id, duration = (getattr(record, name) for name in DETAILS)
    assert (operation, status) == ("organizations.get", 404)
    expected = (
        f"organizations.get: response received status=404 request_id={request_id} duration={duration:.4f}"
    )
    assert record.getMessage() == expected


def test_every_record_has_all_attributes(emulator: Emulator, caplog: pytest.LogCaptureFixture) -> None:
    async def block() -> None:
        with ScalekitClient(*emulator.credentials) as client:
            client.organizations.list()

    caplog.set_level(logging.DEBUG, "scalekit")
    asyncio.run(block())
    records = [record for record in caplog.records if record.name == "scalekit"]
    assert {record.levelname for record in records} == {"DEBUG", "WARNING"}
    assert all(hasattr(record, name) for record in records for name in DETAILS)


def test_variable_logs_through_logging_only(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCALEKIT_LOG", "trace")
    done = run("import scalekit_rs; scalekit_rs.ScalekitClient().organizations.list()", emulator)
    lines = done.stderr.splitlines()
    assert len(lines) == 2, "one for the token, and one for the call"
    assert all(" DEBUG scalekit: " in line for line in lines)
