"""Programs that are packed into one file or folder: PyInstaller, Nuitka and zip archives."""

from __future__ import annotations

import ast
import importlib
import os
import runpy
import subprocess
import sys
import types
import zipfile
from pathlib import Path
from typing import Any

import pytest
import scalekit_rs
from scalekit_rs._names import MODULES
from scalekit_rs._pyinstaller import get_hook_dirs
from scalekit_rs._runtime.library import FOLDER, _file_name

PACKAGE = Path(scalekit_rs.__file__).parent
PROJECT = Path(__file__).parents[1]


def modules() -> list[str]:
    files = [path.relative_to(PACKAGE.parent).with_suffix("") for path in PACKAGE.rglob("*.py")]
    return [".".join(file.parts).removesuffix(".__init__") for file in files]


def run_hook(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Runs the hook with functions that do what PyInstaller's do."""
    hooks: Any = types.ModuleType("PyInstaller.utils.hooks")
    hooks.collect_submodules = lambda package, filter: [name for name in modules() if filter(name)]
    hooks.collect_dynamic_libs = lambda package: [
        (str(path), str(path.parent.relative_to(PACKAGE.parent))) for path in PACKAGE.rglob(_file_name())
    ]
    for name in ("PyInstaller", "PyInstaller.utils"):
        monkeypatch.setitem(sys.modules, name, types.ModuleType(name))
    monkeypatch.setitem(sys.modules, "PyInstaller.utils.hooks", hooks)
    (folder,) = get_hook_dirs()
    return runpy.run_path(os.path.join(folder, "hook-scalekit_rs.py"))


def test_pyinstaller_finds_hook_by_entry_point() -> None:
    text = (PROJECT / "pyproject.toml").read_text("utf-8")
    assert (
        '[project.entry-points.pyinstaller40]\nhook-dirs = "scalekit_rs._pyinstaller:get_hook_dirs"' in text
    )


def test_pyinstaller_hook_adds_library_and_lazy_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    hook = run_hook(monkeypatch)
    assert hook["binaries"] == [(os.path.join(FOLDER, _file_name()), os.path.join("scalekit_rs", "_native"))]
    added = set(hook["hiddenimports"])
    assert added > {f"scalekit_rs.{module}" for module in MODULES.values()}
    # What the package imports only for programs that have it already.
    assert {name for name in modules() if name not in added} == {
        "scalekit_rs._pyinstaller",
        "scalekit_rs._pyinstaller.hook-scalekit_rs",
        "scalekit_rs._runtime.on_trio",
        "scalekit_rs._runtime.pydantic",
        "scalekit_rs.gevent",
        "scalekit_rs.testing",
    }


def test_modules_of_hook_import_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    added = run_hook(monkeypatch)["hiddenimports"]
    imports = "\n".join(f"import {name}" for name in added)
    unwanted = "{'pydantic_core', 'trio', 'gevent', 'unittest'}"
    program = f"{imports}\nimport sys\nprint(*{unwanted} & sys.modules.keys())"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "\n"


def test_no_module_is_imported_by_computed_name() -> None:
    # Freezers find imports by reading the code. The public modules are in the hook.
    allowed = {"scalekit_rs", "scalekit_rs._runtime.named"}
    for name in modules():
        path = importlib.util.find_spec(name).origin if "hook-" not in name else None  # type: ignore[union-attr]
        tree = ast.parse(Path(path).read_text("utf-8")) if path else ast.parse("")
        calls = {
            node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and hasattr(node.func, "id")
        }
        assert "__import__" not in calls, name
        assert "import_module" not in calls or name in allowed, name


def test_import_from_zip_archive_is_explained(tmp_path: Path) -> None:
    archive = tmp_path / "program.pyz"
    with zipfile.ZipFile(archive, "w") as file:
        for path in PACKAGE.rglob("*.py"):
            file.write(path, path.relative_to(PACKAGE.parent))
        file.writestr("__main__.py", "import scalekit_rs\nscalekit_rs.ScalekitClient('', '', '')\n")
    run = subprocess.run(
        [sys.executable, str(archive)], capture_output=True, text=True, check=False, env={"PATH": os.defpath}
    )
    last = run.stderr.splitlines()[-1]
    assert last.startswith("ImportError: scalekit_rs cannot be imported from a zip archive")
    assert last.endswith("Unpack the archive, or use a tool that does, such as shiv or pex.")


def test_nuitka_configuration_names_library() -> None:
    text = (PACKAGE / "nuitka-package.config.yml").read_text("utf-8")
    assert f"relative_path: '{os.path.basename(FOLDER)}'" in text
    assert f"'{_file_name().partition('.')[0]}'" in text
