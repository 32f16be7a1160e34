"""Runs tests/scenarios/*.json in both styles. Methods are found by name: new operations need no code here."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest
from scalekit_rs import ScalekitError

from support.emulator import Emulator
from support.scenario import Bindings, Scenario, Step, all_scenarios, check_error, check_result
from support.styles import Blocking
from support.values import from_json

SCENARIOS = all_scenarios()


def test_scenario_names_are_unique() -> None:
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario, style_class: type[Blocking], emulator: Emulator) -> None:
    bindings = Bindings()
    if scenario.seed is not None:
        emulator.seed(scenario.seed)
    for fault in scenario.faults:
        emulator.control("fault", fault)
    style = style_class(emulator.credentials, from_json("ClientOptions", scenario.client))
    for number, step in enumerate(scenario.steps, 1):
        try:
            run_step(step, style, emulator, bindings)
        except (AssertionError, ScalekitError) as error:
            raise AssertionError(f"step {number}, {step.call}: {error}") from error


def run_step(step: Step, style: Blocking, emulator: Emulator, bindings: Bindings) -> None:
    for fault in step.faults:
        emulator.control("fault", bindings.fill(fault))
    try:
        result = call(step, style, bindings.fill(step.with_))
    except ScalekitError as error:
        if step.error is None:
            raise
        check_error(error, step.error)
    else:
        assert step.error is None, f"expected {step.error}, but the call returned {result!r}"
        if step.result is not ...:
            check_result(result, bindings.fill(step.result), bindings)
    check_requests(step, emulator, bindings)


def call(step: Step, style: Blocking, arguments: dict[str, Any]) -> Any:
    area, name = step.call.split(".")
    target = style.client if area == "client" else getattr(style.client, area)
    method = getattr(target, name)
    shapes = shapes_of(target, name)
    unknown = arguments.keys() - shapes.keys()
    assert not unknown, f"{step.call} has no arguments {unknown}"
    values = {key: from_json(shapes[key], value) for key, value in arguments.items()}
    if "_all" in name:
        return style.take(method(**values))
    return style.wait(method(**values))


def shapes_of(target: Any, name: str) -> dict[str, str]:
    """The shapes of a method's arguments, from the native function that it calls."""
    snake = re.sub("(?<=[a-z])(?=[A-Z])", "_", type(target).__name__).lower()
    function = getattr(sys.modules[type(target).__module__], f"_{snake}_{name}")
    return dict(spec.split(" ") for spec in function.specs)


def check_requests(step: Step, emulator: Emulator, bindings: Bindings) -> None:
    if step.request is not None:
        assert step.request.keys() == {"method", "path", "query", "body"}, step.request.keys()
        received = emulator.requests(step.call.replace("_all", ""))
        assert received, "no request arrived"
        last = {key: received[-1][key] for key in step.request}
        assert last == bindings.fill(step.request)
    for operation, count in step.requests.items():
        assert len(emulator.requests(operation)) == count, f"requests of {operation}"
