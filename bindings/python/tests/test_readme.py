"""Runs all Python code in the README as one program."""

from __future__ import annotations

import re
from pathlib import Path

from support.emulator import Emulator
from support.programs import run

README = Path(__file__).parents[1] / "README.md"


def test_readme_code_runs(emulator: Emulator) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) > 20
    output = run("\n".join(blocks), emulator).stdout
    assert "signed in ada@example.com and redirecting to /reports" in output
    assert "401: wrong_audience" in output
    assert "has scopes ['reports:read']" in output
    assert "created: Acme\nrejected: wrong_signature" in output
    assert "organizations.get: 404" in output
    assert "organizations.get: 403" in output
