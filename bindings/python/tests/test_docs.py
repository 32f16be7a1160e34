"""Docstrings: what `help()` and editors show. They are written for Python users."""

from __future__ import annotations

import inspect
import pydoc
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import scalekit_rs
from scalekit_rs import CreateOrganization, Organization, Organizations, ScalekitError, WebhookData, _names

# Words of other languages and of the generator, and Markdown of Rust.
FOREIGN = {
    "other languages": r"\b(Rust|Kotlin|Swift|Java|UniFFI|uniffi|cargo|crate|tokio|FFI)\b",
    "types and values of Rust": r"\b(struct|trait|variant|nothing after|null)\b|`(Some|None|Ok|Err)\(",
    "futures": r"\bfuture\b|\basynchronous runtime\b|\bin the other languages\b",
    "names that do not exist": r"log_to_stderr|SCALEKIT_PYTHON_READER|Unrecognized",
    "links": r"\[`|`\]|::|\]\(",
    "headings": r"^\s*#+ ",
    "values of enumerations in camel case": r"`(TrustedRoots|HttpMethod|LoginPrompt)\.[A-Z][a-z]",
    "errors without their class": r"`(NotFound|InvalidArgument|InvalidToken|LoginRequired|Timeout|Closed)`",
}


def members(owner: type, name: str) -> Iterator[tuple[str, Any]]:
    """A class and its public members, those that it inherits from the package included."""
    yield name, owner
    for key in dir(owner):
        value = inspect.getattr_static(owner, key)
        # Bound to its class, a method without documentation has that of the method that it overrides.
        value = getattr(owner, key) if isinstance(value, (classmethod, staticmethod)) else value
        if inspect.isclass(value):
            # Nested classes inherit one another from the class around them.
            if key in vars(owner):
                yield from members(value, f"{name}.{key}")
        # The documentation of a request's field is in that of the class.
        elif not inspect.ismemberdescriptor(value) and (key == "__init__" or not key.startswith("_")):
            yield f"{name}.{key}", value


def documented() -> Iterator[tuple[str, Any]]:
    for name in scalekit_rs.__all__:
        value = getattr(scalekit_rs, name)
        module = getattr(value, "__module__", "")
        if module.startswith("scalekit_rs"):
            yield from members(value, name) if inspect.isclass(value) else [(name, value)]
    for module in sorted({*_names.MODULES.values()}):
        yield module, __import__(f"scalekit_rs.{module}", fromlist=["_"])
    yield "scalekit_rs", scalekit_rs


# A `str` and an `Exception` have methods of their own.
BUILTIN = {*dir(str), *dir(Exception), "name", "value"}
MEMBERS = [(name, value) for name, value in documented() if name.rpartition(".")[2] not in BUILTIN]
DOCS = {name: inspect.getdoc(value) or "" for name, value in MEMBERS}


def sources() -> Iterator[tuple[str, str]]:
    """Modules of the package as text, for the documentation of attributes, which no object has."""
    assert scalekit_rs.__file__
    for path in sorted(Path(scalekit_rs.__file__).parent.glob("*.py*")):
        yield path.name, path.read_text("utf-8")


def test_everything_is_documented() -> None:
    assert len(DOCS) > 2000
    # The documentation of a class says how to create it, and that of an event what its only field is.
    undocumented = re.compile(r"\.__init__$|^WebhookData\.\w+\.\w+$")
    missing = [name for name, text in DOCS.items() if not text and not undocumented.search(name)]
    assert not missing


@pytest.mark.parametrize("what", FOREIGN)
def test_docs_are_in_the_words_of_python(what: str) -> None:
    pattern = re.compile(FOREIGN[what], re.MULTILINE)
    found = {name: match[0] for name, text in DOCS.items() if (match := pattern.search(text))}
    assert not found


def test_docs_of_attributes_are_in_the_words_of_python() -> None:
    strings = re.compile(r'^    """.*?"""$', re.MULTILINE | re.DOTALL)
    pattern = re.compile("|".join(FOREIGN.values()), re.MULTILINE)
    for name, text in sources():
        for docs in strings.findall(text):
            assert not pattern.search(docs), (name, docs)


def test_lines_of_generated_modules_fit() -> None:
    for name, text in sources():
        long = [number for number, line in enumerate(text.splitlines(), 1) if len(line) > 110]
        assert not long or "# Generated" not in text, name


def test_help_of_a_method_shows_request_keywords_and_errors() -> None:
    assert pydoc.render_doc(Organizations.create).count("Raises:") == 1
    assert inspect.getdoc(Organizations.create) == (
        "Creates an organization and returns it.\n"
        "\n"
        "Calls `POST /api/v1/organizations`.\n"
        "\n"
        "Takes `CreateOrganization`, or its fields as keywords:\n"
        "    display_name: Display name. 1–200 characters.\n"
        "    external_id: Your own ID for the organization. Unique among organizations. 1–510"
        " characters.\n"
        "    slug: Short name for use in URLs: lowercase letters, digits, hyphens and dots. Unique among\n"
        "        organizations. At most 253 characters.\n"
        "    logo_url: URL of the logo (`https`). At most 1024 characters.\n"
        "    metadata: Custom key-value pairs. At most 10; keys of 3–25 characters, values of 1–256"
        " characters.\n"
        "\n"
        "Raises:\n"
        "    ScalekitError.Conflict: if another organization has the same external ID or slug."
    )


def test_help_of_a_record_shows_every_field() -> None:
    text = inspect.getdoc(Organization) or ""
    assert text.startswith(
        "A tenant of your application, usually a customer company.\n\nAttributes:\n    id: "
    )
    for name, member in vars(Organization).items():
        if isinstance(member, property):
            assert f"\n    {name}: " in text
            assert member.__doc__
    for name in inspect.signature(CreateOrganization).parameters:
        assert f"\n    {name}: " in (inspect.getdoc(CreateOrganization) or "")


def test_nested_classes_are_documented() -> None:
    assert inspect.getdoc(ScalekitError.NotFound) == "The resource does not exist in this environment."
    assert inspect.getdoc(WebhookData.RoleCreated) == "A role was created."
    assert (inspect.getdoc(ScalekitError.TokenExpired) or "").endswith("`failure.code` is `token_expired`.")
