"""The functions of the native library that the generated modules declare, and the shapes in them."""

from __future__ import annotations

from importlib import import_module

from scalekit_rs._names import MODULES
from scalekit_rs._runtime.calls import Function
from scalekit_rs._runtime.objects import Object
from scalekit_rs._runtime.records import Request, Response
from scalekit_rs._runtime.values import codec

_MODULES = [import_module(f"scalekit_rs.{name}") for name in sorted(set(MODULES.values()))]

FUNCTIONS = [value for module in _MODULES for value in vars(module).values() if isinstance(value, Function)]
RESPONSES = [kind for kind in Response.__subclasses__() if kind.__name__ in MODULES]
REQUESTS = [kind for kind in Request.__subclasses__() if kind.__name__ in MODULES]


def is_resource(shape: str) -> bool:
    """Whether a function returns an object that only the library creates, such as a client or a pager."""
    kind = getattr(codec(shape), "cls", None)
    return kind is not None and issubclass(kind, Object)


def returned_shapes() -> list[str]:
    """The shapes of everything that a call returns, and of the records in it."""
    returned = {function.returns for function in FUNCTIONS if function.returns}
    records = {kind.__name__ for kind in RESPONSES}
    return sorted({shape for shape in returned if not is_resource(shape)} | records | {"ScalekitError"})


def argument_shapes() -> list[str]:
    """The shapes of everything that a call takes, and of the records in it."""
    specs = [spec for function in FUNCTIONS for spec in function.specs]
    return sorted({spec.split(" ")[1] for spec in specs} | {kind.__name__ for kind in REQUESTS})
