"""Validates the tokens of tests/fixtures/tokens.json in both styles, and compares claims and error codes."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from scalekit_rs import (
    ExpectedAudience,
    IdTokenExpectations,
    ScalekitError,
    SecretText,
    TokenExpectations,
)

from support.scenario import Json
from support.styles import Blocking
from support.values import to_json

FILE: Json = json.loads((Path(__file__).parents[3] / "tests/fixtures/tokens.json").read_text("utf-8"))
CASES: list[Json] = FILE["cases"]

METHODS = {
    "access": "validate",
    "machine": "validate_machine",
    "id": "validate_id_token",
    "idp_initiated": "validate_idp_initiated",
}


def secret(text: str | None) -> SecretText | None:
    return None if text is None else SecretText(text)


def expectations(case: Json) -> list[Any]:
    """Returns the arguments after the token."""
    of: Json = case["expectations"]
    known = {"audience", "required_scopes", "issuers", "resource_ids", "nonce", "access_token"}
    assert of.keys() <= known, f"unknown expectations: {of.keys() - known}"
    if case["kind"] == "idp_initiated":
        return []
    if case["kind"] == "id":
        return [
            IdTokenExpectations(nonce=secret(of.get("nonce")), access_token=secret(of.get("access_token")))
        ]
    audience = of.get("audience")
    return [
        TokenExpectations(
            audience=ExpectedAudience.unchecked() if audience is None else ExpectedAudience.one_of(audience),
            required_scopes=of.get("required_scopes", []),
            issuers=of.get("issuers", []),
            resource_ids=of.get("resource_ids", []),
        )
    ]


def check_claims(claims: Any, expected: Json) -> None:
    for field, value in expected.items():
        found = getattr(claims, field)
        if isinstance(found, datetime.datetime):
            value = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
        assert to_json(found) == to_json(value), field


def check_error(error: ScalekitError, case: Json) -> None:
    expected, failure = case["error"], error.failure
    assert (type(error).__name__, failure.code) == (expected["variant"], expected["code"]), repr(error)
    assert (failure.status, failure.retryable) == (None, False)
    # Errors are logged, so they must not contain the token.
    signature = case["token"].rsplit(".", 1)[-1]
    assert len(signature) < 20 or signature not in f"{error} {error!r} {failure!r}"


def check(result: Any, case: Json) -> None:
    if isinstance(result, ScalekitError):
        assert "error" in case, f"{case['name']}: {result!r}"
        check_error(result, case)
    else:
        assert "claims" in case, f"{case['name']} was accepted"
        check_claims(result, case["claims"])


@pytest.mark.parametrize("kind", METHODS)
def test_token_vectors_validate_as_specified(kind: str, style_class: type[Blocking]) -> None:
    style = style_class((FILE["environment_url"], FILE["client_id"], "secret"))
    style.client.tokens.preload_keys(FILE["keys"], only=True)
    cases = [case for case in CASES if case["kind"] == kind]
    assert cases
    for case in cases:
        validate = getattr(style.client.tokens, METHODS[kind])
        arguments = (case["token"], *expectations(case))
        try:
            result = style.wait(validate(*arguments))
        except ScalekitError as error:
            result = error
        check(result, case)


def test_vectors_cover_every_token_kind() -> None:
    assert {case["kind"] for case in CASES} == METHODS.keys()
    assert sum("error" in case for case in CASES) >= 60
