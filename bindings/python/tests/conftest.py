"""Fixtures: one emulator for the whole run, reset before each test, and a client of each style."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.emulator import Emulator
from support.styles import STYLES, Blocking


@pytest.fixture(scope="session")
def running_emulator() -> Iterator[Emulator]:
    emulator = Emulator()
    yield emulator
    emulator.stop()


@pytest.fixture
def emulator(running_emulator: Emulator) -> Emulator:
    running_emulator.reset()
    return running_emulator


@pytest.fixture(params=STYLES)
def style_class(request: pytest.FixtureRequest) -> type[Blocking]:
    return STYLES[request.param]


@pytest.fixture
def style(style_class: type[Blocking], emulator: Emulator) -> Blocking:
    """Runs the test once with a blocking client and once with an asyncio client."""
    return style_class(emulator.credentials)
