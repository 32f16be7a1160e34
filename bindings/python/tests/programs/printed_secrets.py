"""Passes many large secrets to the library and back, and prints the growth of memory by each use, in MiB."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from scalekit_rs import (
    MachineClient,
    OidcConnectionConfig,
    ScalekitClient,
    ScalekitError,
    SecretText,
)
from scalekit_rs._runtime import calls
from scalekit_rs._runtime.buffers import Out, to_library
from scalekit_rs._runtime.values import codec

SIZE, WARM_UP, COUNT = 1_000_000, 50, 100
client = ScalekitClient.from_env()


def secret() -> SecretText:
    """Each has memory of its own, which the library frees with the last reference to the object."""
    return SecretText("x" * SIZE)


def create() -> None:
    assert secret().reveal()


def read() -> None:
    """Reads a record that contains a secret, as a response does."""
    out = Out()
    codec("OidcConnectionConfig").write(OidcConnectionConfig(client_secret=secret()), out)
    found = calls._lifter(codec("OidcConnectionConfig"))(to_library(out.finish()))
    assert len(found.client_secret.reveal()) == SIZE


def pass_on() -> None:
    """Passes a record that contains a secret to a call that is rejected."""
    with contextlib.suppress(ScalekitError.InvalidArgument):
        client.machine_tokens.get(MachineClient(client_id="", client_secret=secret()))


def reject() -> None:
    """Passes a record to a call that is rejected in Python, because of another field."""
    machine = MachineClient(client_id="m2morg_1", client_secret=secret(), audience=7)  # type: ignore[arg-type]
    with contextlib.suppress(TypeError):
        client.machine_tokens.get(machine)


def copy() -> None:
    """Passes the object itself, not a record."""
    assert secret() == secret()


def memory() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) * 1024


def leaked(use: Callable[[], None]) -> int:
    for _ in range(WARM_UP):
        use()
    before = memory()
    for _ in range(COUNT):
        use()
    return (memory() - before) // 2**20


for use in (create, read, pass_on, reject, copy):
    print(use.__name__, leaked(use))
