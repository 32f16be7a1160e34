"""The public API of the package, its metadata, and the cost of importing it."""

from __future__ import annotations

import importlib.metadata
import inspect
import platform
from pathlib import Path
from typing import Any

import pytest
import scalekit_rs
from scalekit_rs import (
    AsyncScalekitClient,
    HttpMethod,
    OperationInfo,
    ScalekitClient,
    _names,
    operations,
)

from support.emulator import Emulator
from support.programs import run
from support.styles import Blocking

CLIENTS = [ScalekitClient, AsyncScalekitClient]


def test_public_names_match_all() -> None:
    for name in scalekit_rs.__all__:
        assert getattr(scalekit_rs, name) is not None or name == "Json", name
    # Names that every module has, and modules, which become attributes when they are imported.
    others = {"__version__", "data", "testing", *_names.MODULES.values()}
    public = {name for name in vars(scalekit_rs) if not name.startswith("_")}
    assert public - others == set(scalekit_rs.__all__) - others
    assert len(scalekit_rs.__all__) == len(set(scalekit_rs.__all__)) > 300
    assert set(scalekit_rs.__all__) <= set(dir(scalekit_rs))
    listed = {name for name in dir(scalekit_rs) if not name.startswith("_")}
    assert listed - others == set(scalekit_rs.__all__) - others
    with pytest.raises(AttributeError, match="module 'scalekit_rs' has no attribute 'ScalekitClients'"):
        scalekit_rs.ScalekitClients  # type: ignore[attr-defined]  # noqa: B018


def test_public_classes_and_methods_have_docs() -> None:
    for name in scalekit_rs.__all__:
        value = getattr(scalekit_rs, name)
        if not inspect.isclass(value) or value is scalekit_rs.Timestamp:
            continue
        assert inspect.getdoc(value), name
        for method, member in vars(value).items():
            if not method.startswith("_") and callable(member):
                assert inspect.getdoc(member), f"{name}.{method}"


def parameters(client: type, operation: OperationInfo) -> dict[str, Any]:
    area, method = operation.id.split(".")
    accessor = getattr(client, area)
    assert isinstance(accessor, property), area
    resource = getattr(scalekit_rs, accessor.fget.__annotations__["return"])
    return dict(inspect.signature(getattr(resource, method)).parameters)


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.id)
def test_every_operation_is_a_method_of_both_clients(operation: OperationInfo) -> None:
    assert operation.method in HttpMethod.__members__
    assert operation.path.startswith("/")
    blocking, asynchronous = (parameters(client, operation) for client in CLIENTS)
    assert blocking == asynchronous
    assert "self" in blocking


def test_user_agent_contains_python_version(style: Blocking, emulator: Emulator) -> None:
    style.call(lambda client: client.organizations.list())
    version = importlib.metadata.version("scalekit-rs")
    for operation in ("oauth.token", "organizations.list"):
        agent = emulator.requests(operation)[0]["headers"]["user-agent"]
        assert agent.startswith(f"scalekit-rs/{version} (python/{platform.python_version()}; "), agent


def test_package_is_typed_and_has_no_dependencies() -> None:
    assert not importlib.metadata.requires("scalekit-rs")
    assert scalekit_rs.__file__
    assert Path(scalekit_rs.__file__).with_name("py.typed").exists()


def test_import_loads_no_heavy_modules() -> None:
    run(
        "import sys, scalekit_rs\n"
        "heavy = {'asyncio', 'dataclasses', 'inspect', 'platform', 'importlib.metadata'}\n"
        "assert not heavy & sys.modules.keys(), heavy & sys.modules.keys()"
    )
