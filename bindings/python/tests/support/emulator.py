"""The emulator as a child process, and its control plane."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.error
import urllib.request
from typing import Any

Json = dict[str, Any]


class Emulator:
    def __init__(self) -> None:
        program = os.environ.get("SCALEKIT_EMULATOR")
        assert program, (
            "SCALEKIT_EMULATOR must be the path of the emulator; `cargo xtask test python` sets it"
        )
        # The emulator exits when its standard input closes, and so when this process exits.
        self._process = subprocess.Popen(
            [program, "--json", "--port", "0", "--strict", "--exit-with-stdin"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout
        ready = json.loads(self._process.stdout.readline())
        self.url: str = ready["environment_url"]
        self.client_id: str = ready["client_id"]
        self.client_secret: str = ready["client_secret"]
        self.public_client_id: str = ready["public_client_id"]

    @property
    def credentials(self) -> tuple[str, str, str]:
        return self.url, self.client_id, self.client_secret

    @property
    def environment(self) -> dict[str, str]:
        """The environment for a child process: this one's, and the variables for the emulator."""
        return {
            **os.environ,
            "SCALEKIT_ENVIRONMENT_URL": self.url,
            "SCALEKIT_CLIENT_ID": self.client_id,
            "SCALEKIT_CLIENT_SECRET": self.client_secret,
        }

    def stop(self) -> None:
        self._process.communicate()

    def control(self, command: str, body: Json | None = None, method: str = "POST") -> Json:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_emulator/{command}", data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                result: Json = json.load(response)
                return result
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(f"{command} failed: {error.read().decode()}") from None

    def reset(self) -> None:
        self.control("reset")

    def seed(self, seed: Json) -> Json:
        return self.control("seed", seed)

    def seed_organizations(self, count: int) -> None:
        self.seed(
            {"organizations": [{"id": f"org_{n}", "display_name": f"n{n}"} for n in range(1, count + 1)]}
        )

    def fault(self, operation: str, kind: str, **rest: Any) -> None:
        self.control("fault", {"operation": operation, "kind": kind, **rest})

    def wait(self, operation: str, count: int, aborted: int = 0) -> Json:
        """Waits until `count` requests have arrived, of which the client has aborted `aborted`."""
        return self.control("wait", {"operation": operation, "count": count, "aborted": aborted})

    def requests(self, operation: str) -> list[Json]:
        found: list[Json] = self.control(f"requests?operation={operation}", method="GET")["requests"]
        return found
