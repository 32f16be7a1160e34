"""Threads: blocking calls run concurrently."""

from __future__ import annotations

import contextlib
import threading

from scalekit_rs import ScalekitClient, ScalekitError

from support.emulator import Emulator


def test_calls_of_threads_run_concurrently(emulator: Emulator) -> None:
    client = ScalekitClient(*emulator.credentials)
    client.organizations.list()
    emulator.fault("organizations.get", "delay", forever=True, count=2)

    def call() -> None:
        with contextlib.suppress(ScalekitError):
            client.organizations.get("org_1")

    threads = [threading.Thread(target=call) for _ in range(2)]
    for thread in threads:
        thread.start()
    # The emulator responds to neither: both requests arrive only if all three threads run in parallel.
    emulator.wait("organizations.get", 2)
    assert {request["state"] for request in emulator.requests("organizations.get")} == {"pending"}
    emulator.reset()
    for thread in threads:
        thread.join()


def test_threads_share_one_token(emulator: Emulator) -> None:
    client, start = ScalekitClient(*emulator.credentials), threading.Barrier(20)

    def call() -> None:
        start.wait()
        client.organizations.list()

    threads = [threading.Thread(target=call) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(emulator.requests("organizations.list")) == 20
    assert len(emulator.requests("oauth.token")) == 1
