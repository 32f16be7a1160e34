"""Base classes of the clients."""

from __future__ import annotations

import os

from .objects import Object
from .records import request_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    from .calls import Constructor, Function

    Self = TypeVar("Self", bound="_Base")

_VARIABLES = ("SCALEKIT_ENVIRONMENT_URL", "SCALEKIT_CLIENT_ID", "SCALEKIT_CLIENT_SECRET")


class _Base(Object):
    """What all clients have in common."""

    __slots__ = ("_about", "_made")

    # Environment URL and client ID, and the resources that were created.
    _about: tuple[str | None, str | None]
    _made: dict[str, Any]

    def _open(
        self,
        new: Constructor,
        from_env: Constructor | None,
        arguments: tuple[Any, ...],
        options: Any,
        fields: dict[str, Any],
    ) -> None:
        if from_env is not None and all(argument is None for argument in arguments):
            self._from_variables(from_env, options, fields)
            return
        # A single argument may be given, and the others read from the environment.
        arguments = tuple(
            os.environ.get(name, "") if argument is None else argument
            for name, argument in zip(_VARIABLES, arguments, strict=False)
        )
        self._create(new, arguments, (arguments[0], arguments[1]), options, fields)

    def _from_variables(self, from_env: Constructor, options: Any, fields: dict[str, Any]) -> None:
        if "SCALEKIT_LOG" in os.environ:
            from .log_variable import configure

            configure(os.environ["SCALEKIT_LOG"])
        about = (os.environ.get(_VARIABLES[0]), os.environ.get(_VARIABLES[1]))
        self._create(from_env, (), about, options, fields)

    def _create(
        self,
        new: Constructor,
        arguments: tuple[Any, ...],
        about: tuple[str | None, str | None],
        options: Any,
        fields: dict[str, Any],
    ) -> None:
        self._strict = bool(fields.pop("strict_async", False))
        self._about, self._made = about, {}
        self._handle = new(*arguments, _options(options, fields))

    @classmethod
    def _from_env(cls: type[Self], from_env: Constructor, options: Any, fields: dict[str, Any]) -> Self:
        client = cls.__new__(cls)
        client._from_variables(from_env, options, fields)
        return client

    def _copied(self: Self, copy: Self) -> Self:
        """Completes a client that shares this one's connections."""
        copy._about, copy._made, copy._strict = self._about, {}, self._strict
        return copy

    def _resource(self, function: Function) -> Any:
        """A resource of this client, which is created once."""
        made = self._made.get(function.symbol)
        if made is None:
            made = self._made.setdefault(function.symbol, function(self))
        return made

    def __repr__(self) -> str:
        url, client_id = self._about
        return f"{type(self).__name__}(environment_url={url!r}, client_id={client_id!r})"

    def close(self) -> None:
        raise NotImplementedError


class Client(_Base):
    __slots__ = ()

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


class AsyncClient(_Base):
    __slots__ = ()

    async def __aenter__(self: Self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        self.close()


def _options(options: Any, fields: dict[str, Any]) -> Any:
    from .named import public

    return request_of(public("ClientOptions"), "options", options, fields, absent=True)
