"""Reading the scenarios, and judging what came of a step. See tests/scenarios/README.md."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scalekit_rs import Failure, ScalekitError

from .values import matches, written

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
    """Every scenario of every file. A key that is not known here is an error: the classes do not take it."""
    files = sorted(FOLDER.glob("*.json"))
    found = [
        scenario for file in files for scenario in only(json.loads(file.read_text("utf-8")), "scenarios")
    ]
    assert found, f"no scenarios in {FOLDER}"
    return [read(scenario) for scenario in found]


def only(file: Json, key: str) -> list[Json]:
    assert file.keys() == {key}, f"keys that the runner does not know: {file.keys()}"
    found: list[Json] = file[key]
    return found


def read(scenario: Json) -> Scenario:
    steps = [
        Step(**{"with_" if key == "with" else key: value for key, value in step.items()})
        for step in scenario["steps"]
    ]
    return Scenario(**{**scenario, "steps": steps})


class Kept:
    """Values that earlier steps kept, and that later ones name."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def fill(self, value: Any) -> Any:
        if isinstance(value, str):
            for name, kept in self.values.items():
                value = value.replace(f"${{{name}}}", kept)
            assert "${" not in value, f"a value that was never kept: {value}"
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
            assert of_failure(error.failure, key) == value, f"{key} of {error!r}"


def of_failure(failure: Failure, key: str) -> Any:
    if key == "fields":
        return [violation.field for violation in failure.field_violations]
    if key == "source":
        return failure.source.name
    assert key in Failure.__slots__, f"an expectation that the runner does not know: {key}"
    return getattr(failure, key)


def check_result(result: Any, expected: Any, kept: Kept) -> None:
    matches("result", expected, written(result), kept.values)
