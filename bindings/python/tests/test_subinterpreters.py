"""Interpreters with a lock of their own, as those of `InterpreterPoolExecutor`."""

from __future__ import annotations

import sys

import pytest

from support.emulator import Emulator
from support.programs import run


@pytest.mark.skipif(sys.version_info < (3, 13), reason="!!!!! NOT RUN: requires Python 3.13")
def test_clients_work_in_subinterpreters(emulator: Emulator) -> None:
    emulator.seed_organizations(1)
    assert run("subinterpreters.py", emulator).stdout == "failures:\n"


@pytest.mark.skipif(sys.version_info < (3, 14), reason="!!!!! NOT RUN: requires Python 3.14")
def test_clients_work_in_pool_of_interpreters(emulator: Emulator) -> None:
    emulator.seed_organizations(9)
    assert run("interpreter_pool.py", emulator).stdout == "n1 n2 n3 n4 n5 n6 n7 n8 n9\nn1 n2 n3 n4 n5\n"
