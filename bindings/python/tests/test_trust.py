"""Certificate authorities of the environment, against a server with a certificate of a private one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scalekit_rs import ClientOptions, ScalekitError, TrustedRoots

from support.faults import Case, Faults
from support.styles import Blocking


@pytest.fixture(scope="module")
def site() -> Iterator[dict[str, Any]]:
    faults = Faults()
    yield faults.start(Case("tls_1_3_only", ["keys"], heavy=False), "keys")
    faults.stop()


@pytest.fixture
def bundle(site: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the authority and a file that is none."""
    for variable in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(variable, raising=False)
    (tmp_path / "authority.pem").write_text(site["root_certificates_pem"])
    (tmp_path / "README").write_text("no certificate")
    return tmp_path


def keys(style_class: type[Blocking], site: dict[str, Any], options: ClientOptions | None = None) -> Any:
    style = style_class((site["environment_url"], "skc_1", "secret"), options)
    return style.call(lambda client: client.jwks())


@pytest.mark.parametrize(
    ("variable", "name"),
    [
        ("REQUESTS_CA_BUNDLE", "authority.pem"),
        ("REQUESTS_CA_BUNDLE", ""),
        ("SSL_CERT_FILE", "authority.pem"),
        ("SSL_CERT_DIR", ""),
    ],
)
def test_variable_adds_an_authority(
    variable: str,
    name: str,
    style_class: type[Blocking],
    site: dict[str, Any],
    bundle: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(ScalekitError.Connection, match="trust a private authority with"):
        keys(style_class, site)
    monkeypatch.setenv(variable, str(bundle / name))
    assert keys(style_class, site)["keys"]
    with pytest.raises(ScalekitError.Connection, match="UnknownIssuer"):
        keys(style_class, site, ClientOptions(trusted_roots=TrustedRoots.BUNDLED_ONLY))


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_unusable_variable_is_named(
    variable: str,
    style_class: type[Blocking],
    site: dict[str, Any],
    bundle: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(variable, str(bundle / "missing"))
    with pytest.raises(
        ScalekitError.InvalidArgument, match=f"`{variable}` names .*missing, which cannot be read"
    ):
        keys(style_class, site)
