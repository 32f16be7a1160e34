"""The class `Emulator`, and the program."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from scalekit_emulator import Emulator, EmulatorError, Tokens, program

AUTHORIZE = "response_type=code&redirect_uri=http://127.0.0.1:9/callback&state=s"


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


def test_login_without_url_returns_tokens_of_the_user(emulator: Emulator) -> None:
    tokens = emulator.login("grace@acme.example", given_name="Grace", roles=["admin"])
    assert isinstance(tokens, Tokens)
    assert tokens.claims["email"] == "grace@acme.example"
    assert tokens.claims["given_name"] == "Grace"
    assert tokens.access_claims["roles"] == ["admin"]
    assert tokens.access_token not in repr(tokens)


def test_login_with_url_returns_the_callback(emulator: Emulator) -> None:
    url = f"{emulator.url}/oauth/authorize?client_id={emulator.client_id}&{AUTHORIZE}"
    callback = emulator.login("grace@acme.example", url)
    assert callback.startswith("http://127.0.0.1:9/callback?")
    assert "code=" in callback
    assert "state=s" in callback


def test_login_that_does_not_lead_to_the_callback_is_an_error(emulator: Emulator) -> None:
    url = f"{emulator.url}/oauth/authorize?client_id=skc_unknown&{AUTHORIZE}"
    with pytest.raises(EmulatorError, match=r"does not lead to the callback: status 400(?s:.)*client"):
        emulator.login("grace@acme.example", url)


def test_login_at_another_service_is_an_error_that_names_the_variable(emulator: Emulator) -> None:
    with pytest.raises(EmulatorError, match="SCALEKIT_ENVIRONMENT_URL") as error:
        emulator.login("grace@acme.example", "https://acme.scalekit.example/oauth/authorize?client_id=secret")
    assert "client_id" not in str(error.value)


def test_commands_reach_the_control_plane(emulator: Emulator) -> None:
    emulator.seed({"organizations": [{"id": "org_1", "display_name": "Acme"}]})
    emulator.fault("organizations.get", "status", status=503)
    assert emulator.control("faults", method="GET")["faults"][0]["operation"] == "organizations.get"
    before = emulator.control("clock", method="GET")["now"]
    emulator.advance_clock(3600)
    assert emulator.control("clock", method="GET")["now"] > before
    emulator.login("ada@example.com")
    assert [request["path"] for request in emulator.requests("oauth.token")][-1] == "/oauth/token"
    emulator.reset()
    assert emulator.requests() == emulator.outbox() == emulator.outbox("a+b@example.com") == []
    with pytest.raises(EmulatorError, match="seed: unknown: unknown field"):
        emulator.seed({"unknown": 1})
    with pytest.raises(EmulatorError, match="there is no operation x"):
        emulator.fault("x", "status", status=500)


def test_stopped_emulator_does_not_respond() -> None:
    with Emulator(["--world", "demo"]) as emulator:
        assert emulator.environment["SCALEKIT_ENVIRONMENT_URL"] == emulator.url
    emulator.stop()
    with pytest.raises(EmulatorError, match="does not respond"):
        emulator.reset()


def test_invalid_argument_is_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(EmulatorError, match="did not start"):
        Emulator(["--world", "unknown"])
    assert "Use one of: empty, demo" in capfd.readouterr().err


def test_missing_program_is_an_error_that_says_where(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SCALEKIT_EMULATOR", raising=False)
    monkeypatch.setattr("scalekit_emulator._program._folders", lambda: [tmp_path])
    with pytest.raises(FileNotFoundError, match="looked for"):
        program()
    monkeypatch.setenv("SCALEKIT_EMULATOR", "/another/program")
    assert program() == "/another/program"


def test_program_is_installed_beside_python() -> None:
    assert os.path.dirname(program()) == os.path.dirname(os.path.abspath(sys.executable))


def test_module_is_the_program() -> None:
    command = [sys.executable, "-m", "scalekit_emulator", "--json", "--port", "0", "--exit-with-stdin"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        line = process.stdout.readline()
        process.stdin.close()
    assert process.returncode == 0
    assert json.loads(line)["environment_url"].startswith("http://127.0.0.1:")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no signals for another process")
def test_module_stops_on_a_signal() -> None:
    command = [sys.executable, "-m", "scalekit_emulator", "--json", "--port", "0", "--exit-with-stdin"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
