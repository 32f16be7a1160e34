"""The fixtures, in sessions of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"


def passes(pytester: pytest.Pytester, *arguments: str, **outcomes: int) -> pytest.RunResult:
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", *arguments)
    result.assert_outcomes(**outcomes)
    return result


def test_state_is_reset_after_each_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        ORGANIZATION = {"organizations": [{"id": "org_1", "display_name": "Acme"}]}

        @pytest.mark.parametrize("time", range(2))
        def test_id_is_free(scalekit_emulator, scalekit_outbox, time):
            scalekit_emulator.seed(ORGANIZATION)
            scalekit_emulator.fault("organizations.get", "status", status=503)
            assert scalekit_outbox() == []

        def test_nothing_is_left(scalekit_emulator):
            assert scalekit_emulator.control("faults", method="GET")["faults"] == []

        def test_emulator_of_a_dynamic_fixture_is_reset(request):
            request.getfixturevalue("scalekit_emulator").seed(ORGANIZATION)

        def test_id_is_free_again(scalekit_emulator):
            scalekit_emulator.seed(ORGANIZATION)
        """
    )
    passes(pytester, passed=5)


def test_environment_variables_lead_to_the_emulator_until_the_end(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCALEKIT_CLIENT_ID", "skc_before")
    pytester.makeconftest(
        """
        import os

        def pytest_unconfigure():
            print("after:", os.environ["SCALEKIT_CLIENT_ID"], os.environ.get("SCALEKIT_ENVIRONMENT_URL"))
        """
    )
    pytester.makepyfile(
        """
        import os

        def test_variables(scalekit_emulator):
            for name, value in scalekit_emulator.environment.items():
                assert os.environ[name] == value
        """
    )
    monkeypatch.delenv("SCALEKIT_ENVIRONMENT_URL", raising=False)
    passes(pytester, passed=1).stdout.fnmatch_lines("after: skc_before None")


def test_emulator_does_not_start_without_a_test_that_uses_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCALEKIT_EMULATOR", "/missing/program")
    pytester.makepyfile("def test_other(): pass")
    passes(pytester, passed=1)


def test_arguments_come_from_the_settings_or_a_fixture(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nscalekit_emulator_arguments = --world demo --strict")
    pytester.makepyfile(
        """
        def test_world(scalekit_emulator):
            tokens = scalekit_emulator.login("ada@acme.example")
            assert tokens.claims["sub"] == "usr_ada"
        """
    )
    passes(pytester, passed=1)
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def scalekit_emulator_arguments(scalekit_emulator_arguments):
            assert scalekit_emulator_arguments == ["--world", "demo", "--strict"]
            return ["--client-id", "skc_7"]
        """
    )
    pytester.makepyfile("def test_id(scalekit_emulator): assert scalekit_emulator.client_id == 'skc_7'")
    passes(pytester, passed=1)


def test_each_worker_of_xdist_has_its_own_emulator(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import os
        import pytest

        @pytest.mark.parametrize("number", range(6))
        def test_url(scalekit_emulator, number, tmp_path_factory):
            # The folder of the whole run, which the workers share.
            folder = tmp_path_factory.getbasetemp().parent
            worker = os.environ["PYTEST_XDIST_WORKER"]
            (folder / worker).write_text(scalekit_emulator.url)
            for other in folder.glob("gw*"):
                if other.is_file() and other.name != worker:
                    assert other.read_text() != scalekit_emulator.url
        """
    )
    passes(pytester, "-p", "xdist", "-n", "2", passed=6)


def test_clients_reach_the_emulator(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import asyncio
        import pytest
        from scalekit_rs import ScalekitError

        def test_blocking(scalekit_client, scalekit_faults):
            created = scalekit_client.organizations.create(display_name="Acme")
            scalekit_faults("organizations.get", "status", status=403)
            with pytest.raises(ScalekitError.PermissionDenied):
                scalekit_client.organizations.get(created.id)
            assert scalekit_client.organizations.get(created.id).display_name == "Acme"

        def test_async(async_scalekit_client):
            page = asyncio.run(async_scalekit_client.organizations.list())
            assert len(page.organizations) == 0
        """
    )
    passes(pytester, passed=2)


def test_client_without_its_package_fails_with_the_remedy(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("import sys\n\nsys.modules['scalekit_rs'] = None")
    pytester.makepyfile("def test_client(scalekit_client): pass")
    result = passes(pytester, errors=1)
    result.stdout.fnmatch_lines("*pip install scalekit-rs*")


def test_readme_leads_to_passing_tests(pytester: pytest.Pytester) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    app, tests, without_pytest = blocks[0], blocks[1], blocks[-1]
    assert app.startswith("# app.py")
    assert tests.startswith("# test_app.py")
    pytester.makepyfile(app=app, test_app=tests)
    # The test client of FastAPI warns about its own dependencies.
    passes(pytester, "-W", "ignore", passed=3)
    program = pytester.makepyfile(program=without_pytest)
    assert pytester.runpython(program).ret == 0
