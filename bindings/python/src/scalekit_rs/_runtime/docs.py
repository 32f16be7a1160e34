"""The documentation of fields, read from the docstring of their class."""

from __future__ import annotations

from inspect import cleandoc


def field_docs(cls: type) -> dict[str, str]:
    """The text of each field in the section `Attributes`. Empty without docstrings, as under `python -OO`."""
    docs: dict[str, str] = {}
    name = ""
    for line in cleandoc(cls.__doc__ or "").partition("Attributes:\n")[2].splitlines():
        text = line.strip()
        start, colon, rest = text.partition(": ")
        if line[:4].isspace() and not line[4:5].isspace() and colon and start.isidentifier():
            name, docs[start] = start, rest
        elif name and text:
            docs[name] += f" {text}"
    return docs
