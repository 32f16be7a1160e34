"""Machine tokens: M2M clients, fetching tokens, and validating them."""

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
def machine(style: Blocking, emulator: Emulator) -> MachineClient:
    emulator.seed_organizations(1)
    params = CreateM2mClient(name="Export", scopes=["read", "write"], audience=[API])
    created = style.call(lambda client: client.clients.create("org_1", params))
    return MachineClient(client_id=created.client.client_id, client_secret=created.plain_secret)


def token_requests(emulator: Emulator) -> int:
    return len(emulator.requests("oauth.token"))


def get(style: Blocking, machine: MachineClient) -> MachineToken:
    token: MachineToken = style.call(lambda client: client.machine_tokens.get(machine))
    return token


def expectations(**more: Any) -> TokenExpectations:
    return TokenExpectations(audience=ExpectedAudience.one_of([API]), **more)


def test_machine_token_is_fetched_once_and_validates(
    style: Blocking, emulator: Emulator, machine: MachineClient
) -> None:
    before = token_requests(emulator)
    with ThreadPoolExecutor(16) as pool:
        tokens = list(pool.map(lambda _: get(style, machine), range(50)))
    assert token_requests(emulator) == before + 1
    assert len({token.access_token.reveal() for token in tokens}) == 1
    text = tokens[0].access_token.reveal()
    assert text not in f"{tokens[0]} {tokens[0]!r}"

    claims = style.call(
        lambda client: client.tokens.validate_machine(text, expectations(required_scopes=["read"]))
    )
    assert (claims.client_id, claims.organization_id) == (machine.client_id, "org_1")
    assert (claims.has_scope("write"), claims.has_scope("admin")) == (True, False)
    with pytest.raises(ScalekitError.MissingScope):
        style.call(
            lambda client: client.tokens.validate_machine(text, expectations(required_scopes=["admin"]))
        )


def test_different_scopes_get_different_machine_token(
    style: Blocking, emulator: Emulator, machine: MachineClient
) -> None:
    both_scopes = get(style, machine).access_token.reveal()
    before = token_requests(emulator)
    machine.scopes = ["read"]
    read_only = get(style, machine).access_token.reveal()
    claims = style.call(lambda client: client.tokens.validate_machine(read_only, expectations()))
    assert (claims.scopes, read_only != both_scopes) == (["read"], True)
    style.client.machine_tokens.forget(machine)
    assert get(style, machine).access_token.reveal() != read_only
    assert token_requests(emulator) == before + 2


def test_wrong_machine_secret_is_rejected(
    style: Blocking, emulator: Emulator, machine: MachineClient
) -> None:
    machine.client_secret = SecretText("canary-secret")
    with pytest.raises(ScalekitError.Unauthenticated) as caught:
        get(style, machine)
    assert "canary" not in f"{caught.value} {caught.value!r} {machine!r}"
    machine.client_secret = SecretText(" ")
    with pytest.raises(ScalekitError.InvalidArgument, match=r"^`client_secret` must not be empty"):
        get(style, machine)


def test_machine_secret_is_text_or_secret_text(
    style: Blocking, emulator: Emulator, machine: MachineClient
) -> None:
    text = machine.client_secret.reveal()
    same = MachineClient(client_id=machine.client_id, client_secret=text)
    assert same.client_secret == SecretText(text)
    assert (same, text in f"{same} {same!r}") == (machine, False)
    get(style, same)
    with pytest.raises(TypeError, match=r"^`client_secret` must be str or SecretText, not int$"):
        MachineClient(client_id="m2morg_1", client_secret=7)  # type: ignore[arg-type]
    with pytest.raises(
        ScalekitError.InvalidArgument, match=r"^`client_secret` must be valid UTF-8"
    ) as caught:
        MachineClient(client_id="m2morg_1", client_secret="canary\ud800")
    assert "canary" not in f"{caught.value} {caught.value!r}"
    with pytest.raises(ScalekitError.InvalidArgument, match=r"^`client_secret` must not be empty"):
        get(style, MachineClient(client_id="m2morg_1", client_secret=""))


def test_public_client_gets_machine_token(emulator: Emulator, machine: MachineClient) -> None:
    with PublicScalekitClient(emulator.url, machine.client_id) as client:
        token = client.machine_tokens.get(machine).access_token.reveal()
        assert client.tokens.validate_machine(token, expectations()).client_id == machine.client_id
