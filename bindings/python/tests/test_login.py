"""Logins from start to end, following the emulator's redirects as a browser does."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from scalekit_rs import (
    AsyncPublicScalekitClient,
    ExpectedAudience,
    LoginOptions,
    LoginOutcome,
    LoginPrompt,
    LoginSession,
    LoginTransaction,
    LogoutOptions,
    PublicScalekitClient,
    ScalekitError,
    SecretText,
    TokenExpectations,
    generate_pkce,
    local_path,
)

from support.browser import follow, query
from support.emulator import Emulator
from support.styles import Blocking

CALLBACK = "http://127.0.0.1:9/callback"
REFRESHABLE = ["openid", "profile", "email", "offline_access"]


def options(**more: Any) -> LoginOptions:
    return LoginOptions(redirect_uri=CALLBACK, **more)


def log_in(style: Blocking, **more: Any) -> LoginOutcome:
    started = style.client.login.start(options(**more))
    outcome: LoginOutcome = style.call(
        lambda client: client.login.finish(follow(started.authorization_url), started.transaction)
    )
    return outcome


def test_login_returns_verified_claims_and_session(style: Blocking, emulator: Emulator) -> None:
    grace = {"email": "grace@acme.example", "given_name": "Grace", "roles": ["admin"], "external_id": "u-7"}
    emulator.control("idp/script", {"approve": grace})
    outcome = log_in(style, scopes=REFRESHABLE, return_to="/settings?tab=2")
    assert (outcome.claims.email, outcome.claims.given_name) == ("grace@acme.example", "Grace")
    assert outcome.return_to == "/settings?tab=2"
    session = outcome.session
    assert session.subject == outcome.claims.subject
    assert session.refresh_token
    assert session.id_token
    assert not session.needs_refresh

    expected = TokenExpectations(audience=ExpectedAudience.one_of([emulator.client_id]))
    token = session.access_token.reveal()
    claims = style.call(lambda client: client.tokens.validate(token, expected))
    assert claims.subject == outcome.claims.subject
    assert (claims.has_role("admin"), claims.has_role("owner"), claims.is_machine) == (True, False, False)
    assert claims.external_user_id == "u-7"
    after_expiry = session.expires_at + timedelta(minutes=1)
    with pytest.raises(ScalekitError.TokenExpired):
        style.call(lambda client: client.tokens.validate(token, expected, at=after_expiry))

    others = TokenExpectations(audience=ExpectedAudience.one_of(["another audience"]))
    with pytest.raises(ScalekitError.InvalidToken) as caught:
        style.call(lambda client: client.tokens.validate(token, others))
    assert caught.value.failure.code == "wrong_audience"
    assert len(emulator.requests("oauth.keys")) == 1


def test_transaction_round_trips_through_text(style: Blocking, emulator: Emulator) -> None:
    started = style.client.login.start(options(return_to="/x"))
    assert not emulator.control("requests", method="GET")["requests"], "`start` sends no request"
    text = started.transaction.to_text()
    restored = LoginTransaction.from_text(SecretText(text.reveal()))
    assert restored == started.transaction
    state = query(started.authorization_url)["state"]
    assert state not in f"{text} {text!r} {restored} {restored!r} {started.transaction!r}"
    callback = follow(started.authorization_url)
    outcome = style.call(lambda client: client.login.finish(callback, restored))
    assert outcome.return_to == "/x"
    with pytest.raises(ScalekitError.InvalidArgument, match="is not a login transaction"):
        LoginTransaction.from_text(SecretText("{}"))
    with pytest.raises(ScalekitError.InvalidArgument):
        LoginTransaction.from_text("{}")
    assert LoginTransaction.from_text(text.reveal()) == restored


def test_invalid_login_is_rejected(style: Blocking, emulator: Emulator) -> None:
    mine, theirs = (style.client.login.start(options()) for _ in range(2))
    callback = follow(theirs.authorization_url)

    def refused_code(callback: str, started: Any) -> str | None:
        with pytest.raises(ScalekitError.LoginFailed) as caught:
            style.call(lambda client: client.login.finish(callback, started.transaction))
        return caught.value.failure.code

    assert refused_code(callback, mine) == "state_mismatch"
    assert refused_code(callback + "&code=x", theirs) == "malformed_callback"
    assert not emulator.requests("oauth.token"), "no authorization code was sent"
    style.call(lambda client: client.login.finish(callback, theirs.transaction))
    refused_code(callback, theirs)  # a transaction can be used once

    emulator.control("idp/script", {"deny": {"error": "access_denied", "error_description": "No."}})
    assert refused_code(follow(mine.authorization_url), mine) == "access_denied"
    with pytest.raises(ScalekitError.LoginRequired):
        log_in(style, prompt=LoginPrompt.NOTHING)
    emulator.control("idp/script", {"approve": {}, "id_token": {"wrong": "nonce"}})
    with pytest.raises(ScalekitError.InvalidToken) as caught:
        log_in(style)
    assert caught.value.failure.code == "wrong_nonce"
    with pytest.raises(ScalekitError.InvalidArgument, match=r"^`return_to` must be a path"):
        style.client.login.start(options(return_to="https://evil.example"))
    assert (local_path("/a?b=c"), local_path("//evil.example")) == ("/a?b=c", None)


def test_idp_initiated_login_succeeds(style: Blocking, emulator: Emulator) -> None:
    okta = {"id": "conn_7", "type": "OIDC", "provider": "OKTA", "status": "COMPLETED", "enabled": True}
    emulator.seed({"organizations": [{"id": "org_7", "display_name": "Seven", "connections": [okta]}]})
    login = {
        "connection_id": "conn_7",
        "login_hint": "g@seven.example",
        "login_uri": "http://127.0.0.1:9/login",
    }
    initiated = emulator.control("idp/initiate", login)["location"]
    started = style.call(lambda client: client.login.start_idp_initiated(initiated, options()))
    assert (started.claims.organization_id, started.claims.connection_id) == ("org_7", "conn_7")
    callback = follow(started.authorization_url)
    outcome = style.call(lambda client: client.login.finish(callback, started.transaction))
    assert outcome.claims.organization_id == "org_7"


def due_session(style: Blocking) -> LoginSession:
    """A session that needs a refresh now, made by editing its text."""
    session = log_in(style, scopes=REFRESHABLE).session
    text = session.to_text().reveal()
    due = text.replace(text.split('"refresh_at":"')[1].split('"')[0], "2020-01-01T00:00:00Z")
    return LoginSession.from_text(SecretText(due))


def test_concurrent_refreshes_share_one_request(style: Blocking, emulator: Emulator) -> None:
    session = due_session(style)
    assert session.needs_refresh

    def refreshed(_: int) -> LoginSession:
        session_after: LoginSession = style.call(lambda client: client.login.refresh_if_needed(session))
        return session_after

    with ThreadPoolExecutor(8) as pool:
        first, *others = pool.map(refreshed, range(8))
    assert first != session
    assert all(other == first for other in others)
    assert (first.subject, first.needs_refresh) == (session.subject, False)
    assert refreshed(0) == first, "a later caller gets the same session"
    assert len(emulator.requests("oauth.token")) == 2, "one login and one refresh"
    with pytest.raises(ScalekitError.LoginRequired):
        style.call(lambda client: client.login.refresh("unknown"))


def test_logout_ends_session(style: Blocking, emulator: Emulator) -> None:
    session = log_in(style, scopes=REFRESHABLE).session
    logout = LogoutOptions(
        id_token_hint=session.id_token, post_logout_redirect_uri="http://127.0.0.1:9/bye", state="a state"
    )
    back = follow(style.client.login.logout_url(logout))
    assert back.startswith("http://127.0.0.1:9/bye?")
    assert query(back) == {"state": "a state"}
    with pytest.raises(ScalekitError.LoginRequired):
        style.call(lambda client: client.login.refresh(session.refresh_token))


def test_public_client_logs_in_without_secret(emulator: Emulator) -> None:
    client = PublicScalekitClient(emulator.url, emulator.public_client_id)
    started = client.login.start(options())
    outcome = client.login.finish(follow(started.authorization_url), started.transaction)
    assert outcome.claims.audience == [emulator.public_client_id]

    async def main() -> LoginOutcome:
        async with AsyncPublicScalekitClient(emulator.url, emulator.public_client_id) as client:
            started = client.login.start(options())
            return await client.login.finish(follow(started.authorization_url), started.transaction)

    assert asyncio.run(main()).claims.audience == [emulator.public_client_id]
    assert len(generate_pkce().code_challenge) == 43


def test_repr_contains_no_token(style: Blocking) -> None:
    outcome = log_in(style, scopes=REFRESHABLE)
    session = outcome.session
    printed = f"{outcome!r} {session} {session!r} {session.to_text()!r}"
    for secret in (session.access_token, session.refresh_token, session.id_token):
        assert secret is not None
        assert secret.reveal() not in printed
