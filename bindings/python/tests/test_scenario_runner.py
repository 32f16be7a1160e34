"""The scenario runner itself: unknown keys and missing values are failures."""

from __future__ import annotations

from typing import Any

import pytest
from scalekit_rs import Organization, OrganizationFeature, SecretText

from support.scenario import Bindings, check_result, failure_value, parse
from support.values import from_json

ACME = Organization(id="org_1", display_name="Acme", metadata={"plan": "gold"})

MATCHING: list[tuple[Any, Any]] = [
    (ACME, {"id": "org_1", "slug": None, "metadata": {"plan": "gold", "other": None}}),
    (ACME, {"id": "$any", "display_name": "$bind:name"}),
    ([ACME], [{"displayName": "Acme"}]),
    (OrganizationFeature.SSO, "sso"),
    (SecretText("hunter2"), "$secret:hunter2"),
    (SecretText("hunter2"), "SecretText(..)"),
]

DIFFERENT: list[tuple[Any, Any]] = [
    (ACME, {"id": "org_2"}),
    (ACME, {"no_such_field": None}),
    (ACME, {"slug": "$any"}),
    (ACME, {"id": "$no_such_matcher"}),
    ([ACME], []),
    ([ACME], [{}, {}]),
    (None, {}),
    (1, True),
    (SecretText("hunter2"), "$secret:hunter3"),
    (SecretText("hunter2"), "hunter2"),
    ("hunter2", "$secret:hunter2"),
]


@pytest.mark.parametrize(("found", "expected"), MATCHING)
def test_matching_result_passes(found: Any, expected: Any) -> None:
    check_result(found, expected, Bindings())


@pytest.mark.parametrize(("found", "expected"), DIFFERENT)
def test_different_result_fails(found: Any, expected: Any) -> None:
    with pytest.raises(AssertionError):
        check_result(found, expected, Bindings())


def test_bound_value_is_substituted() -> None:
    bindings = Bindings()
    check_result(ACME, {"id": "$bind:id"}, bindings)
    assert bindings.fill({"a": ["x/${id}"]}) == {"a": ["x/org_1"]}
    with pytest.raises(AssertionError, match="unbound name"):
        bindings.fill("${other}")


def test_unknown_key_fails() -> None:
    with pytest.raises(TypeError, match="no_such_key"):
        parse({"name": "n", "steps": [{"call": "organizations.list", "no_such_key": 1}]})
    with pytest.raises(TypeError, match="no_such_key"):
        parse({"name": "n", "steps": [], "no_such_key": 1})
    with pytest.raises(AssertionError, match="no field no_such_field"):
        from_json("CreateOrganization", {"display_name": "Acme", "no_such_field": 1})
    with pytest.raises(AssertionError, match="unknown expectation: no_such_key"):
        failure_value(None, "no_such_key")  # type: ignore[arg-type]
