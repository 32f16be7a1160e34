"""The emulator as a child process, with what only the tests of this package need."""

from __future__ import annotations

import os

import scalekit_emulator
from scalekit_emulator import Json


class Emulator(scalekit_emulator.Emulator):
    """An emulator that rejects what an SDK must not send."""

    def __init__(self) -> None:
        super().__init__(["--strict"])

    @property
    def credentials(self) -> tuple[str, str, str]:
        return self.url, self.client_id, self.client_secret

    @property
    def child_environment(self) -> dict[str, str]:
        """The environment for a child process: this one's, and the variables for the emulator."""
        return {**os.environ, **self.environment}

    def seed_organizations(self, count: int) -> None:
        self.seed(
            {"organizations": [{"id": f"org_{n}", "display_name": f"n{n}"} for n in range(1, count + 1)]}
        )

    def wait(self, operation: str, count: int, aborted: int = 0) -> Json:
        """Waits until `count` requests have arrived, of which the client has aborted `aborted`."""
        return self.control("wait", {"operation": operation, "count": count, "aborted": aborted})
