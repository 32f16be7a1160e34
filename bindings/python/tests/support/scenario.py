"""Reads the scenarios and checks the outcome of each step. See tests/scenarios/README.md."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scalekit_rs import Failure, ScalekitError

from .values import match, to_json

FOLDER = Path(__file__).parents[4] / "tests" / "scenarios"

Json = dict[str, Any]


@dataclass
class Step:
    call: str
    with_: Json = field(default_factory=dict)
    faults: list[Json] = field(default_factory=list)
    result: Any = ...
    error: Json | None = None
    request: Json | None = None
    requests: dict[str, int] = field(default_factory=dict)


@dataclass
class Scenario:
    name: str
    steps: list[Step]
    seed: Json | None = None
    faults: list[Json] = field(default_factory=list)
    client: Json = field(default_factory=dict)


def all_scenarios() -> list[Scenario]:
    """Returns the scenarios of all files. Unknown keys are errors, because the classes do not accept them."""
    files = sorted(FOLDER.glob("*.json"))
    scenarios = [
        scenario
        for file in files
        for scenario in only_value(json.loads(file.read_text("utf-8")), "scenarios")
    ]
    assert scenarios, f"no scenarios in {FOLDER}"
    return [parse(scenario) for scenario in scenarios]


def only_value(file: Json, key: str) -> list[Json]:
    assert file.keys() == {key}, f"unknown keys: {file.keys()}"
    value: list[Json] = file[key]
    return value


def parse(scenario: Json) -> Scenario:
    steps = [
        Step(**{"with_" if key == "with" else key: value for key, value in step.items()})
        for step in scenario["steps"]
    ]
    return Scenario(**{**scenario, "steps": steps})


class Bindings:
    """Values that a step binds to a name (`$bind:name`), for use in later steps (`${name}`)."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def fill(self, value: Any) -> Any:
        if isinstance(value, str):
            for name, bound in self.values.items():
                value = value.replace(f"${{{name}}}", bound)
            assert "${" not in value, f"unbound name: {value}"
            return value
        if isinstance(value, list):
            return [self.fill(item) for item in value]
        if isinstance(value, dict):
            return {key: self.fill(item) for key, item in value.items()}
        return value


def check_error(error: ScalekitError, expected: Json) -> None:
    assert type(error).__name__ == expected["variant"], repr(error)
    assert str(error) == error.failure.summary
    for key, value in expected.items():
        if key == "says":
            assert value in error.failure.summary, error.failure.summary
        elif key != "variant":
            assert failure_value(error.failure, key) == value, f"{key} of {error!r}"


def failure_value(failure: Failure, key: str) -> Any:
    if key == "fields":
        return [violation.field for violation in failure.field_violations]
    if key == "source":
        return failure.source.name
    assert isinstance(getattr(Failure, key, None), property), f"unknown expectation: {key}"
    return getattr(failure, key)


def check_result(result: Any, expected: Any, bindings: Bindings) -> None:
    match("result", expected, to_json(result), bindings.values)
