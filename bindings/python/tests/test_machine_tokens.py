"""Machines that call each other: their clients, their tokens, and who checks them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from scalekit_rs import (
    CreateM2mClient,
    ExpectedAudience,
    MachineClient,
    MachineToken,
    PublicScalekitClient,
    ScalekitError,
    SecretText,
    TokenExpectations,
)

from support.emulator import Emulator
from support.styles import Blocking

API = "https://api.acme.example"


@pytest.fixture
def robot(style: Blocking, emulator: Emulator) -> MachineClient:
    emulator.organizations(1)
    new = CreateM2mClient(name="Robot", scopes=["read", "write"], audience=[API])
    made = style.call(lambda client: client.clients.create("org_1", new))
    return MachineClient(client_id=made.client.client_id, client_secret=made.plain_secret)


def asked(emulator: Emulator) -> int:
    return len(emulator.requests("oauth.token"))


def get(style: Blocking, machine: MachineClient) -> MachineToken:
    token: MachineToken = style.call(lambda client: client.machine_tokens.get(machine))
    return token


def expecting(**more: Any) -> TokenExpectations:
    return TokenExpectations(audience=ExpectedAudience.one_of([API]), **more)


def test_machine_token_is_fetched_once_and_validates(
    style: Blocking, emulator: Emulator, robot: MachineClient
) -> None:
    before = asked(emulator)
    with ThreadPoolExecutor(16) as pool:
        tokens = list(pool.map(lambda _: get(style, robot), range(50)))
    assert asked(emulator) == before + 1
    assert len({token.access_token.reveal() for token in tokens}) == 1
    text = tokens[0].access_token.reveal()
    assert text not in f"{tokens[0]} {tokens[0]!r}"

    claims = style.call(
        lambda client: client.tokens.validate_machine(text, expecting(required_scopes=["read"]))
    )
    assert (claims.client_id, claims.organization_id) == (robot.client_id, "org_1")
    assert (claims.has_scope("write"), claims.has_scope("admin")) == (True, False)
    with pytest.raises(ScalekitError.MissingScope):
        style.call(lambda client: client.tokens.validate_machine(text, expecting(required_scopes=["admin"])))


def test_different_scopes_get_different_machine_token(style: Blocking, emulator: Emulator, robot: MachineClient) -> None:
    both = get(style, robot).access_token.reveal()
    before = asked(emulator)
    robot.scopes = ["read"]
    less = get(style, robot).access_token.reveal()
    claims = style.call(lambda client: client.tokens.validate_machine(less, expecting()))
    assert (claims.scopes, less != both) == (["read"], True)
    style.client.machine_tokens.forget(robot)
    assert get(style, robot).access_token.reveal() != less
    assert asked(emulator) == before + 2


def test_wrong_machine_secret_is_rejected(style: Blocking, emulator: Emulator, robot: MachineClient) -> None:
    robot.client_secret = SecretText("canary-secret")
    with pytest.raises(ScalekitError.Unauthenticated) as caught:
        get(style, robot)
    assert "canary" not in f"{caught.value} {caught.value!r} {robot!r}"
    robot.client_secret = SecretText(" ")
    with pytest.raises(ScalekitError.InvalidArgument, match=r"^`client_secret` must not be empty"):
        get(style, robot)


def test_public_client_gets_machine_token(emulator: Emulator, robot: MachineClient) -> None:
    with PublicScalekitClient(emulator.url, robot.client_id) as client:
        token = client.machine_tokens.get(robot).access_token.reveal()
        assert client.tokens.validate_machine(token, expecting()).client_id == robot.client_id
