"""Fixtures for pytest. pip registers this plugin; there is nothing to import.

The emulator starts with the first test that uses it, once for each process, and so for each worker of pytest-xdist. Its
state is reset after each test.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol, overload

import pytest

from ._control import Json
from ._emulator import Emulator
from ._login import Tokens

if TYPE_CHECKING:
    from scalekit_rs import AsyncScalekitClient, ScalekitClient

_RUNNING = pytest.StashKey[Emulator]()


class Login(Protocol):
    """The type of `scalekit_login`."""

    @overload
    def __call__(self, email: str, authorization_url: str, **person: Any) -> str: ...

    @overload
    def __call__(self, email: str, authorization_url: None = None, **person: Any) -> Tokens: ...


class Faults(Protocol):
    """The type of `scalekit_faults`."""

    def __call__(self, operation: str, kind: str, **details: Any) -> None: ...


class Outbox(Protocol):
    """The type of `scalekit_outbox`."""

    def __call__(self, to: str | None = None) -> list[Json]: ...


def pytest_addoption(parser: pytest.Parser) -> None:
    help_text = "arguments of the Scalekit emulator, such as --world demo"
    parser.addini("scalekit_emulator_arguments", help_text, type="args", default=[])


@pytest.fixture(scope="session")
def scalekit_emulator_arguments(pytestconfig: pytest.Config) -> list[str]:
    """The arguments with which the emulator starts: the setting of the same name. Override it to compute them."""
    arguments: list[str] = pytestconfig.getini("scalekit_emulator_arguments")
    return arguments


@pytest.fixture(scope="session")
def scalekit_emulator(pytestconfig: pytest.Config, scalekit_emulator_arguments: list[str]) -> Iterator[Emulator]:
    """A running emulator. Until the end of the session, Scalekit's environment variables lead to it."""
    with Emulator(scalekit_emulator_arguments) as emulator, pytest.MonkeyPatch.context() as environment:
        for name, value in emulator.environment.items():
            environment.setenv(name, value)
        pytestconfig.stash[_RUNNING] = emulator
        yield emulator
        del pytestconfig.stash[_RUNNING]


@pytest.fixture(autouse=True)
def _scalekit_reset(pytestconfig: pytest.Config) -> Iterator[None]:
    """Resets the state after each test, if the emulator has started.

    After the test, not before it, so that the test sees what its own fixtures have created.
    """
    yield
    emulator = pytestconfig.stash.get(_RUNNING, None)
    if emulator is not None:
        emulator.reset()


@pytest.fixture
def scalekit_client(scalekit_emulator: Emulator) -> Iterator[ScalekitClient]:
    """A blocking client of the emulator. Requires the package scalekit-rs."""
    client = _client("ScalekitClient", scalekit_emulator)
    yield client
    client.close()


@pytest.fixture
def async_scalekit_client(scalekit_emulator: Emulator) -> Iterator[AsyncScalekitClient]:
    """An asynchronous client of the emulator, for any event loop. Requires the package scalekit-rs."""
    client = _client("AsyncScalekitClient", scalekit_emulator)
    yield client
    client.close()


@pytest.fixture
def scalekit_faults(scalekit_emulator: Emulator) -> Faults:
    """Injects faults into the next calls: `scalekit_faults("organizations.get", "status", status=503)`."""
    return scalekit_emulator.fault


@pytest.fixture
def scalekit_outbox(scalekit_emulator: Emulator) -> Outbox:
    """Returns the emails that were sent in this test: `scalekit_outbox("ada@example.com")`."""
    return scalekit_emulator.outbox


@pytest.fixture
def scalekit_login(scalekit_emulator: Emulator) -> Login:
    """Signs a user in without a browser: `scalekit_login("ada@example.com", authorization_url)`."""
    return scalekit_emulator.login


def _client(name: str, emulator: Emulator) -> Any:
    try:
        package = importlib.import_module("scalekit_rs")
    except ImportError as error:
        pytest.fail(
            f"this fixture requires the package scalekit-rs, which cannot be imported: {error}. Install it with "
            "`pip install scalekit-rs`, or use `scalekit_emulator.url` with another client.",
            pytrace=False,
        )
    return getattr(package, name)(emulator.url, emulator.client_id, emulator.client_secret)
