"""Clients in programs that use gevent."""

from __future__ import annotations

import importlib.util

import pytest

from support.emulator import Emulator
from support.programs import run


@pytest.mark.skipif(
    importlib.util.find_spec("gevent") is None, reason="!!!!! NOT RUN: gevent is not installed"
)
def test_wrapped_client_blocks_only_its_greenlet(emulator: Emulator) -> None:
    emulator.seed_organizations(25)
    emulator.fault("organizations.list", "delay", ms=300, count=20)
    done = run("with_gevent.py", emulator)
    assert done.stdout.splitlines() == [
        "organizations: 10 10 10 10 10",
        "other greenlets ran: True",
        "all: 25",
        "pages: 25",
        "error: 404",
        "plain: 10",
        "closed",
    ]
    assert done.stderr == ""
