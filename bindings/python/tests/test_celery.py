"""Calls in a worker of Celery."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from support.emulator import Emulator
from support.programs import run


@pytest.mark.skipif(
    importlib.util.find_spec("celery") is None, reason="!!!!! NOT RUN: celery is not installed"
)
@pytest.mark.skipif(sys.platform == "win32", reason="Celery's soft time limits are signals")
def test_soft_time_limit_interrupts_call(emulator: Emulator, tmp_path: Path) -> None:
    emulator.seed_organizations(1)
    emulator.fault("organizations.list", "delay", forever=True)
    done = run("celery_soft_limit.py", emulator, str(tmp_path))
    lines = [line for line in done.stdout.splitlines() if line in ("org_1", "interrupted", "returned", "404")]
    assert lines == ["org_1", "interrupted", "org_1", "404"]
    emulator.wait("organizations.list", 1, aborted=1)
