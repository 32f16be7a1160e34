"""One emulator for the whole run, as it was new for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

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


Make = Callable[..., Blocking]


@pytest.fixture(params=STYLES)
def style_class(request: pytest.FixtureRequest) -> type[Blocking]:
    return STYLES[request.param]


@pytest.fixture
def style(style_class: type[Blocking], emulator: Emulator) -> Blocking:
    """A client of each style in turn."""
    return style_class(emulator.credentials)
