"""The code in the guide runs, from its first line to its last."""

from __future__ import annotations

import re
from pathlib import Path

from support.emulator import Emulator
from support.programs import run

GUIDE = Path(__file__).parents[1] / "README.md"


def test_readme_code_runs(emulator: Emulator) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) > 20
    said = run("\n".join(blocks), emulator).stdout
    assert "ada@example.com goes on at /reports" in said
    assert "answer 401: wrong_audience" in said
    assert "may ['reports:read']" in said
    assert "welcome, Acme\nrefused: wrong_signature" in said
    assert "organizations.get: 404" in said
    assert "organizations.get: 403" in said
