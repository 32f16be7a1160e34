"""The emulator as a child process."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from types import TracebackType
from typing import Any, overload
from urllib.parse import quote

from ._control import EmulatorError, Json, control
from ._login import Tokens, follow, log_in
from ._program import program


class Emulator:
    """A running emulator, on a free port of this machine.

    It ends with `stop`, at the end of a `with` block, or with this process.

    Args:
        arguments: More arguments of the program, such as `["--strict", "--world", "demo"]`. `--tls` and addresses are
            not supported.

    Raises:
        EmulatorError: the program did not start; the message has its own.
        FileNotFoundError: the program is not installed.
    """

    url: str
    """The environment URL."""

    client_id: str
    client_secret: str

    public_client_id: str
    """ID of the client without a secret, for native and single-page applications."""

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        command = [program(), "--json", "--port", "0", "--exit-with-stdin", *arguments]
        # The program exits when its standard input closes, and so when this process exits, however it does.
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            status = self._process.wait()
            self.stop()
            raise EmulatorError(f"the emulator did not start (status {status}); see its message above")
        ready = json.loads(line)
        self.url = ready["environment_url"]
        self.client_id = ready["client_id"]
        self.client_secret = ready["client_secret"]
        self.public_client_id = ready["public_client_id"]

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables from which Scalekit's SDKs and its documentation read their settings."""
        return {
            "SCALEKIT_ENVIRONMENT_URL": self.url,
            "SCALEKIT_CLIENT_ID": self.client_id,
            "SCALEKIT_CLIENT_SECRET": self.client_secret,
        }

    def stop(self) -> None:
        """Stops the emulator. Has no effect if it is stopped."""
        self._process.communicate()

    def control(self, command: str, body: Json | None = None, method: str = "POST") -> Json:
        """Sends a command to the control plane, such as `control("clock", {"advance_seconds": 60})`.

        Raises:
            EmulatorError: the emulator rejected it.
        """
        return control(self.url, command, body, method)

    def reset(self) -> None:
        """Deletes all objects, faults, emails and sessions, and resets the clock.

        With `--seed` or `--world`, creates its objects again.
        """
        self.control("reset")

    def seed(self, objects: Json) -> Json:
        """Creates objects, in the format of a seed file, and returns them."""
        return self.control("seed", objects)

    def advance_clock(self, seconds: float) -> None:
        """Advances the emulator's clock, for example to let a session expire."""
        self.control("clock", {"advance_seconds": seconds})

    def fault(self, operation: str, kind: str, **details: Any) -> None:
        """Injects a fault: `fault("organizations.get", "status", status=503, count=2)` into the next two calls."""
        self.control("fault", {"operation": operation, "kind": kind, **details})

    def outbox(self, to: str | None = None) -> list[Json]:
        """Returns the emails that were sent, or those to an address, the oldest first."""
        query = "" if to is None else f"?to={quote(to, safe='')}"
        messages: list[Json] = self.control(f"outbox{query}", method="GET")["messages"]
        return messages

    def requests(self, operation: str | None = None) -> list[Json]:
        """Returns the requests that were received, or those of an operation, the oldest first."""
        query = "" if operation is None else f"?operation={quote(operation, safe='')}"
        requests: list[Json] = self.control(f"requests{query}", method="GET")["requests"]
        return requests

    @overload
    def login(self, email: str, authorization_url: str, **person: Any) -> str: ...

    @overload
    def login(self, email: str, authorization_url: None = None, **person: Any) -> Tokens: ...

    def login(self, email: str, authorization_url: str | None = None, **person: Any) -> str | Tokens:
        """Signs a user in without a browser.

        With an authorization URL, to which the app has redirected, returns the URL of the app's callback, with a code:
        let the test's HTTP client open it. Without one, makes a login with the emulator's own client, and returns its
        tokens.

        Args:
            email: The address of the user, who need not exist.
            authorization_url: Where the app has sent the browser.
            person: What else the identity provider says: `given_name`, `family_name`, `organization_id`, `roles`,
                `permissions`, `claims`, `access_claims`, `subject`, `external_id`.

        Raises:
            EmulatorError: the login does not lead to the callback, or has no code.
        """
        if authorization_url is not None and not authorization_url.startswith(f"{self.url}/"):
            raise EmulatorError(
                f"the app has sent the browser to {authorization_url.split('?')[0]}, not to the emulator at {self.url}."
                " Does it read SCALEKIT_ENVIRONMENT_URL after the fixture scalekit_emulator has set it?"
            )
        self.control("idp/script", {"approve": {"email": email, **person}})
        return log_in(self) if authorization_url is None else follow(authorization_url)

    def __enter__(self) -> Emulator:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"Emulator({self.url!r})"
