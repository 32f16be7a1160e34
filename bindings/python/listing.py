"""Prints the public API of the generated module, without documentation.

python listing.py path/to/scalekit.py
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

# Special methods that are part of the public API.
SPECIAL = {"aenter", "aexit", "aiter", "anext", "enter", "exit", "init", "iter", "next"}


def source(node: ast.expr) -> str:
    return ast.unparse(node).replace("typing.", "")


def is_public(name: str) -> bool:
    return not name.startswith("_") or name.strip("_") in SPECIAL


def parameters(arguments: ast.arguments) -> Iterator[str]:
    """The parameters with types and defaults, without `self`."""
    positional = arguments.args
    defaults = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
    yield from (parameter(*pair) for pair in zip(positional, defaults, strict=True) if pair[0].annotation)
    if arguments.vararg:
        yield f"*{parameter(arguments.vararg, None)}"
    elif arguments.kwonlyargs:
        yield "*"
    yield from (parameter(*pair) for pair in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True))


def parameter(node: ast.arg, default: ast.expr | None) -> str:
    text = f"{node.arg}: {source(node.annotation)}" if node.annotation else node.arg
    return text if default is None else f"{text} = {source(default)}"


def function(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    decorators = {ast.unparse(decorator) for decorator in node.decorator_list}
    result = source(node.returns) if node.returns else "?"
    if "property" in decorators:
        return f"{node.name}: {result} (property)"
    prefix = "classmethod " if "classmethod" in decorators else ""
    prefix += "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    return f"{prefix} {node.name}({', '.join(parameters(node.args))}) -> {result}"


def record(node: ast.ClassDef) -> Iterator[str]:
    """The fields of a record, which are the parameters of its constructor, and its methods."""
    for member in node.body:
        if isinstance(member, ast.FunctionDef) and member.name == "__init__":
            yield from (field for field in parameters(member.args) if field != "*")
        elif isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) and is_public(member.name):
            yield function(member)


def open_enum(node: ast.ClassDef) -> Iterator[str]:
    for member in node.body:
        if isinstance(member, ast.Assign) and ast.unparse(member.targets[0]) == "_known":
            yield from (f"{name} = {text!r}" for name, text in ast.literal_eval(member.value))


def union(node: ast.ClassDef) -> Iterator[str]:
    """The constructors of the variants."""
    for member in node.body:
        if isinstance(member, ast.ClassDef):
            (constructor,) = (inner for inner in member.body if getattr(inner, "name", None) == "__init__")
            assert isinstance(constructor, ast.FunctionDef)
            yield f"{member.name}({', '.join(parameters(constructor.args))})"


def other_class(node: ast.ClassDef) -> Iterator[str]:
    is_object = "_Object" in bases(node)
    for member in node.body:
        if isinstance(member, ast.If):  # for type checkers: the variants of an error
            yield from (f"{name}: type" for name, _ in annotated(member.body))
        elif isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) and is_public(member.name):
            # Such a constructor only raises: the library creates the object.
            if not (is_object and function(member) == "def __init__() -> None"):
                yield function(member)
        elif isinstance(member, ast.Assign) and is_public(ast.unparse(member.targets[0])):
            yield ast.unparse(member)
        else:
            yield from (f"{name}: {kind}" for name, kind in annotated([member]) if is_public(name))


def annotated(nodes: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for node in nodes:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, source(node.annotation)


def bases(node: ast.ClassDef) -> list[str]:
    return [ast.unparse(base) for base in node.bases]


# The kind of class for each private base class, and the function that lists its members.
KINDS = {
    "_Record": ("record", record),
    "_OpenEnum": ("open enum", open_enum),
    "_Union": ("union", union),
    "_Object": ("class", other_class),
    "enum.Enum": ("enum", other_class),
    "Exception": ("error", other_class),
}


def listing(module: str) -> Iterator[str]:
    tree = ast.parse(module)
    found: dict[str, ast.stmt] = {}
    names: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found[node.name] = node
        elif isinstance(node, ast.AnnAssign):
            found[ast.unparse(node.target)] = node
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            names = ast.literal_eval(node.value)
    for name in names:
        node = found[name]
        if isinstance(node, ast.ClassDef):
            (base,) = bases(node)
            kind, members = KINDS[base]
            yield f"{kind} {name}"
            yield from (f"    {member}" for member in members(node))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield function(node)
        else:
            yield ast.unparse(node).replace("typing.", "")


if __name__ == "__main__":
    print("\n".join(listing(Path(sys.argv[1]).read_text())))
