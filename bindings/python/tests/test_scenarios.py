"""Plays tests/scenarios/*.json in both styles. Calls are found by name: a new one needs no line here."""

from __future__ import annotations

import typing
from typing import Any

import pytest
from scalekit_rs import ClientOptions, ScalekitError

from support.emulator import Emulator
from support.scenario import Kept, Scenario, Step, all_scenarios, check_error, check_result
from support.styles import Blocking
from support.values import built

SCENARIOS = all_scenarios()


def test_scenario_names_are_unique() -> None:
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_scenario(scenario: Scenario, style_class: type[Blocking], emulator: Emulator) -> None:
    kept = Kept()
    if scenario.seed is not None:
        emulator.seed(scenario.seed)
    for fault in scenario.faults:
        emulator.control("fault", fault)
    style = style_class(emulator.credentials, built(ClientOptions, scenario.client))
    for number, step in enumerate(scenario.steps, 1):
        try:
            play(step, style, emulator, kept)
        except (AssertionError, ScalekitError) as problem:
            raise AssertionError(f"step {number}, {step.call}: {problem}") from problem


def play(step: Step, style: Blocking, emulator: Emulator, kept: Kept) -> None:
    for fault in step.faults:
        emulator.control("fault", kept.fill(fault))
    try:
        result = called(step, style, kept.fill(step.with_))
    except ScalekitError as error:
        if step.error is None:
            raise
        check_error(error, step.error)
    else:
        assert step.error is None, f"{step.error} expected, but it gave {result!r}"
        if step.result is not ...:
            check_result(result, kept.fill(step.result), kept)
    check_requests(step, emulator, kept)


def called(step: Step, style: Blocking, arguments: dict[str, Any]) -> Any:
    area, name = step.call.split(".")
    target = style.client if area == "client" else getattr(style.client, area)
    method = getattr(target, name)
    hints = typing.get_type_hints(method)
    unknown = arguments.keys() - hints.keys()
    assert not unknown, f"arguments that {step.call} does not have: {unknown}"
    given = {key: built(hints[key], value) for key, value in arguments.items()}
    if "_all" in name:
        return style.take(method(**given))
    return style.answer(method(**given))


def check_requests(step: Step, emulator: Emulator, kept: Kept) -> None:
    if step.request is not None:
        assert step.request.keys() == {"method", "path", "query", "body"}, step.request.keys()
        received = emulator.requests(step.call.replace("_all", ""))
        assert received, "no request arrived"
        last = {key: received[-1][key] for key in step.request}
        assert last == kept.fill(step.request)
    for operation, count in step.requests.items():
        assert len(emulator.requests(operation)) == count, f"requests of {operation}"
