"""Signals: Python's handlers run while a blocking call waits in the main thread."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from scalekit_rs import ScalekitClient, ScalekitError

from support.emulator import Emulator
from support.programs import run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends signals of POSIX")

# A handler runs within 50 ms. The rest is for busy machines; the call itself would wait for 20 s.
SOON = 1.0


class Interrupted(Exception):  # noqa: N818
    """Raised by a handler, as Celery does for its soft time limit."""


@pytest.fixture
def client(emulator: Emulator) -> ScalekitClient:
    emulator.seed_organizations(1)
    client = ScalekitClient(*emulator.credentials)
    client.organizations.get("org_1")
    return client


@pytest.fixture
def handle() -> Iterator[Callable[[int, Any], None]]:
    """Installs a handler until the test ends."""
    previous: list[tuple[int, Any]] = []

    def install(number: int, handler: Any) -> None:
        previous.append((number, signal.signal(number, handler)))

    yield install
    for number, handler in reversed(previous):
        signal.signal(number, handler)


class Sender:
    """Sends a signal to this process as soon as a request has arrived."""

    def __init__(self, emulator: Emulator, number: int, requests: int = 1) -> None:
        self.sent = 0.0
        self._emulator, self._number, self._requests = emulator, number, requests
        self._thread = threading.Thread(target=self._send)
        self._thread.start()

    def _send(self) -> None:
        self._emulator.wait("organizations.list", self._requests)
        self.sent = time.monotonic()
        os.kill(os.getpid(), self._number)

    def delay(self) -> float:
        """The time since the signal."""
        now = time.monotonic()
        self._thread.join()
        return now - self.sent


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGALRM])
def test_exception_of_handler_ends_waiting_call(
    client: ScalekitClient, emulator: Emulator, handle: Callable[[int, Any], None], number: int
) -> None:
    def raise_error(number: int, frame: object) -> None:
        raise Interrupted

    handle(number, raise_error)
    emulator.fault("organizations.list", "delay", forever=True)
    sender = Sender(emulator, number)
    with pytest.raises(Interrupted) as caught:
        client.organizations.list()
    assert sender.delay() < SOON
    assert caught.value.__context__ is None
    # The request is cancelled, not only abandoned.
    emulator.wait("organizations.list", 1, aborted=1)
    assert client.organizations.get("org_1").id == "org_1"


def test_keyboard_interrupt_ends_waiting_call(
    client: ScalekitClient, emulator: Emulator, handle: Callable[[int, Any], None]
) -> None:
    handle(signal.SIGINT, signal.default_int_handler)
    emulator.fault("organizations.list", "delay", forever=True)
    sender = Sender(emulator, signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        next(client.organizations.list_all())
    assert sender.delay() < SOON
    emulator.wait("organizations.list", 1, aborted=1)


def test_call_goes_on_after_handler(
    client: ScalekitClient, emulator: Emulator, handle: Callable[[int, Any], None]
) -> None:
    delays: list[float] = []
    senders: list[Sender] = []
    handle(signal.SIGALRM, lambda number, frame: delays.append(senders[0].delay()))
    emulator.fault("organizations.list", "delay", ms=2000)
    senders.append(Sender(emulator, signal.SIGALRM))
    assert len(client.organizations.list()) == 1
    assert len(delays) == 1
    assert delays[0] < SOON
    assert len(emulator.requests("organizations.list")) == 1


def test_handler_may_make_calls_of_its_own(
    client: ScalekitClient, emulator: Emulator, handle: Callable[[int, Any], None]
) -> None:
    found: list[str] = []

    def call(number: int, frame: object) -> None:
        # Long enough to be paused as well.
        found.extend(user.id for user in client.users.list())
        found.append(client.organizations.get("org_1").id)

    handle(signal.SIGALRM, call)
    emulator.fault("organizations.list", "delay", ms=2500)
    emulator.fault("users.list", "delay", ms=300)
    Sender(emulator, signal.SIGALRM)
    assert len(client.organizations.list()) == 1
    assert found == ["org_1"]
    assert len(emulator.requests("organizations.list")) == 1
    assert len(emulator.requests("users.list")) == 1


@pytest.mark.skipif(
    sys.implementation.name == "pypy", reason="PyPy runs no signal handler during another one"
)
def test_exception_of_nested_handler_ends_both_calls(
    client: ScalekitClient, emulator: Emulator, handle: Callable[[int, Any], None]
) -> None:
    def list_users(number: int, frame: object) -> None:
        client.users.list()

    def raise_error(number: int, frame: object) -> None:
        raise Interrupted

    def second_signal() -> None:
        emulator.wait("users.list", 1)
        os.kill(os.getpid(), signal.SIGTERM)

    handle(signal.SIGALRM, list_users)
    handle(signal.SIGTERM, raise_error)
    emulator.fault("organizations.list", "delay", forever=True)
    emulator.fault("users.list", "delay", forever=True)
    Sender(emulator, signal.SIGALRM)
    thread = threading.Thread(target=second_signal)
    thread.start()
    with pytest.raises(Interrupted):
        client.organizations.list()
    thread.join()
    for operation in ("organizations.list", "users.list"):
        emulator.wait(operation, 1, aborted=1)


def test_error_after_handler_is_that_of_the_call(
    client: ScalekitClient, emulator: Emulator, handle: Callable[[int, Any], None]
) -> None:
    handle(signal.SIGALRM, lambda number, frame: None)
    emulator.fault("organizations.list", "delay", forever=True)
    Sender(emulator, signal.SIGALRM)
    with pytest.raises(ScalekitError.Timeout) as caught:
        client.with_options(timeout=1).organizations.list()
    assert caught.value.operation == "organizations.list"


def test_calls_of_other_threads_are_not_interrupted(
    client: ScalekitClient, emulator: Emulator, handle: Callable[[int, Any], None]
) -> None:
    def raise_error(number: int, frame: object) -> None:
        raise Interrupted

    found: list[int] = []
    handle(signal.SIGTERM, raise_error)
    emulator.fault("organizations.list", "delay", ms=2000)
    emulator.fault("organizations.list", "delay", forever=True)
    thread = threading.Thread(target=lambda: found.append(len(client.organizations.list())))
    thread.start()
    emulator.wait("organizations.list", 1)
    sender = Sender(emulator, signal.SIGTERM, requests=2)
    with pytest.raises(Interrupted):
        client.organizations.list()
    assert sender.delay() < SOON
    thread.join()
    assert found == [1]
    emulator.wait("organizations.list", 2, aborted=1)


def test_handlers_run_in_forked_child(emulator: Emulator) -> None:
    emulator.seed_organizations(1)
    emulator.fault("organizations.list", "delay", forever=True)
    program = """
import os, signal, sys, threading, time
from scalekit_rs import ScalekitClient

client = ScalekitClient()
client.organizations.get("org_1")


def raise_error(number, frame):
    raise InterruptedError


child = os.fork()
if not child:
    signal.signal(signal.SIGALRM, raise_error)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    started = time.monotonic()
    try:
        client.organizations.list()
    except InterruptedError:
        print(time.monotonic() - started < 5, flush=True)
    os._exit(0)
os.waitpid(child, 0)
"""
    assert run(program, emulator).stdout == "True\n"
    emulator.wait("organizations.list", 1, aborted=1)
