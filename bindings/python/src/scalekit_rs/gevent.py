"""Clients in programs that use gevent.

A blocking call waits outside of Python. It blocks the thread of the hub with all its greenlets, even if the
program is monkey-patched. A wrapped client makes each call in gevent's thread pool, and only the calling
greenlet waits:

    from scalekit_rs import ScalekitClient
    from scalekit_rs.gevent import wrap

    client = wrap(ScalekitClient())
    client.organizations.get("org_1")

The pool, `gevent.get_hub().threadpool`, makes 10 calls at a time unless the program sets its `maxsize`. A
greenlet that is killed, or whose `gevent.Timeout` expires, stops waiting; its call goes on until it is done.
"""

from __future__ import annotations

from functools import wraps
from typing import Any, TypeVar

from ._runtime import Object, Page, Secret

__all__ = ["wrap"]

C = TypeVar("C", bound=Object)


def wrap(client: C) -> C:
    """Returns a client whose calls block the calling greenlet only, with the same methods as `client`."""
    wrapped: Any = _Wrapped(client)
    return wrapped  # type: ignore[no-any-return]


class _Wrapped:
    """A client, a resource or a pager. What its methods return is wrapped where it makes calls, too."""

    def __init__(self, target: Any) -> None:
        self._target = target

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._target, name)
        return _in_pool(value) if callable(value) else _wrapped(value)

    def __enter__(self) -> _Wrapped:
        return self

    def __exit__(self, *exception: object) -> None:
        self._target.close()

    def __iter__(self) -> _Wrapped:
        return self

    def __next__(self) -> Any:
        found = _call(next, self._target, _END)
        if found is _END:
            raise StopIteration
        return found

    def __repr__(self) -> str:
        return f"wrap({self._target!r})"


_END = object()


def _in_pool(function: Any) -> Any:
    @wraps(function)
    def call(*values: Any, **fields: Any) -> Any:
        return _wrapped(_call(function, *values, **fields))

    return call


def _call(function: Any, *values: Any, **fields: Any) -> Any:
    from gevent import get_hub  # type: ignore[import-not-found,import-untyped,unused-ignore]

    result, error = get_hub().threadpool.apply(_attempt, (function, values, fields))
    if error is not None:
        raise error
    return result


def _attempt(function: Any, values: Any, fields: Any) -> tuple[Any, BaseException | None]:
    """Returns errors, because the pool prints those that are raised."""
    try:
        return function(*values, **fields), None
    except BaseException as error:
        return None, error


def _wrapped(value: Any) -> Any:
    """The value, or a wrapper if it makes calls."""
    if isinstance(value, Page):
        return _wrapped_page(value)
    return _Wrapped(value) if _makes_calls(value) else value


def _makes_calls(value: object) -> bool:
    return isinstance(value, Object) and not isinstance(value, Secret)


def _wrapped_page(page: Page) -> Page:
    """A page that continues with calls in the pool."""
    found = getattr(page, "_continue", None)
    if found is not None:
        list_all, path, params = found
        page._continued_by(_in_pool(list_all), path, params)
    return page
