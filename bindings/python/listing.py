"""Prints the public API of the package, without documentation.

python listing.py path/to/scalekit_rs
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef

# Special methods that are part of the public API.
SPECIAL = {"aenter", "aexit", "aiter", "anext", "enter", "exit", "init", "iter", "len", "next"}

# The base classes, and the words for the classes that inherit from them.
KINDS = {
    "Response": "record",
    "Page": "page",
    "Request": "request",
    "OpenEnum": "open enum",
    "ClosedEnum": "enum",
    "Union": "union",
    "Error": "error",
}


def source(node: ast.expr) -> str:
    return ast.unparse(node)


def is_public(name: str) -> bool:
    return not name.startswith("_") or name.strip("_") in SPECIAL


def bases(node: ast.ClassDef) -> list[str]:
    return [source(base) for base in node.bases]


def parameters(arguments: ast.arguments) -> Iterator[str]:
    """The parameters with types and defaults, without `self`."""
    positional = arguments.posonlyargs + arguments.args
    defaults = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
    for node, default in zip(positional, defaults, strict=True):
        if node.arg not in ("self", "cls"):
            yield parameter(node, default)
        if arguments.posonlyargs and node is arguments.posonlyargs[-1] and node.arg != "self":
            yield "/"
    if arguments.vararg:
        yield f"*{parameter(arguments.vararg, None)}"
    elif arguments.kwonlyargs:
        yield "*"
    yield from (parameter(*pair) for pair in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True))
    if arguments.kwarg:
        yield f"**{parameter(arguments.kwarg, None)}"


def parameter(node: ast.arg, default: ast.expr | None) -> str:
    text = f"{node.arg}: {source(node.annotation)}" if node.annotation else node.arg
    return text if default is None else f"{text} = {source(default)}"


def decorators(node: Function) -> set[str]:
    return {source(decorator) for decorator in node.decorator_list}


def function(node: Function) -> str:
    result = source(node.returns) if node.returns else "?"
    if "property" in decorators(node):
        return f"{node.name}: {result}"
    prefix = "classmethod " if "classmethod" in decorators(node) else ""
    prefix += "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    return f"{prefix} {node.name}({', '.join(parameters(node.args))}) -> {result}"


def functions(nodes: list[ast.stmt]) -> Iterator[str]:
    """The public functions; of an overloaded one, the overloads and not their implementation."""
    overloaded = set[str]()
    for node in flat(nodes):
        if isinstance(node, Function) and is_public(node.name):
            if "overload" in decorators(node):
                overloaded.add(node.name)
            elif node.name in overloaded:
                continue
            yield function(node)


def flat(nodes: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements, and those that only type checkers see."""
    for node in nodes:
        if isinstance(node, ast.If) and source(node.test) == "TYPE_CHECKING":
            yield from flat(node.body)
        else:
            yield node


def request(node: ast.ClassDef) -> Iterator[str]:
    """The parameters of the constructor, which are the fields, and the methods."""
    for member in functions(node.body):
        if not member.startswith("def __init__("):
            yield member
            continue
        constructor = next(inner for inner in node.body if getattr(inner, "name", None) == "__init__")
        assert isinstance(constructor, Function)
        yield from (field for field in parameters(constructor.args) if field != "*")


def record(node: ast.ClassDef) -> Iterator[str]:
    """The fields and methods. The constructor takes all fields as keywords."""
    return (member for member in functions(node.body) if not member.startswith("def __init__("))


def open_enum(node: ast.ClassDef) -> Iterator[str]:
    for member in node.body:
        if isinstance(member, ast.Assign) and source(member.targets[0]) == "_known":
            yield from (f"{name} = {text!r}" for name, text in ast.literal_eval(member.value))


def enum(node: ast.ClassDef) -> Iterator[str]:
    for member in node.body:
        if isinstance(member, ast.Assign) and is_public(source(member.targets[0])):
            yield ast.unparse(member)


def nested(node: ast.ClassDef) -> Iterator[str]:
    """The nested classes, with the parameters of their constructors if they have some of their own."""
    yield from functions(node.body)
    for member in node.body:
        if isinstance(member, ast.ClassDef):
            constructors = (inner for inner in member.body if getattr(inner, "name", None) == "__init__")
            constructor = next(constructors, None)
            shown = parameters(constructor.args) if isinstance(constructor, Function) else ()
            yield f"class {member.name}({', '.join(shown)})"


MEMBERS = {
    "record": record,
    "page": record,
    "request": request,
    "open enum": open_enum,
    "enum": enum,
    "union": nested,
    "error": nested,
}


def class_lines(node: ast.ClassDef) -> Iterator[str]:
    kind = next((KINDS[base] for base in bases(node) if base in KINDS), "class")
    # Members that a class inherits are listed with its base.
    inherits = f" ({', '.join(bases(node))})" if kind == "class" and bases(node) else ""
    yield f"{kind} {node.name}{inherits}"
    members = MEMBERS[kind](node) if kind in MEMBERS else functions(node.body)
    yield from (f"    {member}" for member in members)


class Package:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.trees = {path.stem: self.parse(path) for path in sorted(folder.glob("*.py"))}
        # Where there is a stub, it is what type checkers read.
        self.trees.update({path.stem: self.parse(path) for path in sorted(folder.glob("*.pyi"))})

    def parse(self, path: Path) -> ast.Module:
        return ast.parse(path.read_text("utf-8"))

    def listing(self) -> Iterator[str]:
        public = {name: node for tree in self.trees.values() for name, node in definitions(tree)}
        for name in self.constant("__init__", "__all__"):
            node = public.get(name)
            if isinstance(node, ast.ClassDef):
                yield from class_lines(node)
            elif isinstance(node, Function):
                yield function(node)
            else:
                yield name
        yield from self.modules()
        yield from self.base_classes(public)

    def constant(self, module: str, name: str) -> list[str]:
        for node in self.trees[module].body:
            if isinstance(node, ast.Assign) and source(node.targets[0]) == name:
                return list(ast.literal_eval(node.value))
        raise LookupError(f"{module} has no {name}")

    def modules(self) -> Iterator[str]:
        """The modules whose names the package does not export."""
        exported = set(self.constant("__init__", "__all__"))
        for module, tree in self.trees.items():
            found = [(name, node) for name, node in definitions(tree) if is_public(name)]
            if module.startswith("_") or any(name in exported for name, _ in found):
                continue
            yield f"module {module}"
            for _, node in found:
                lines = class_lines(node) if isinstance(node, ast.ClassDef) else functions([node])
                yield from (f"    {line}" for line in lines)

    def base_classes(self, public: dict[str, ast.stmt]) -> Iterator[str]:
        """The handwritten bases of public classes, and their own bases."""
        trees = [self.parse(path) for path in sorted((self.folder / "_runtime").glob("*.py"))]
        handwritten = {name: node for tree in trees for name, node in definitions(tree)}
        pending = [base for node in public.values() if isinstance(node, ast.ClassDef) for base in bases(node)]
        found = set[str]()
        while pending:
            node = handwritten.get(pending.pop())
            if isinstance(node, ast.ClassDef) and node.name not in found:
                found.add(node.name)
                pending.extend(bases(node))
        for name in sorted(found):
            node = handwritten[name]
            assert isinstance(node, ast.ClassDef)
            yield f"base {name} ({', '.join(bases(node))})" if bases(node) else f"base {name}"
            yield from (f"    {member}" for member in functions(node.body))


def definitions(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node


if __name__ == "__main__":
    print("\n".join(Package(Path(sys.argv[1])).listing()))
