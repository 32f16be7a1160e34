"""Invalid arguments: what is wrong with a value, and where it is."""

from __future__ import annotations


# An exception of its own, because it is not an error of the caller until `error` makes it one.
class Invalid(Exception):  # noqa: N818
    """A value that a codec rejects. Containers add where the value is, from the inside out."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text
        # Names of fields, and the positions or quoted keys of items in brackets.
        self.steps: tuple[str, ...] = ()

    def inside_item(self, key: object) -> Invalid:
        self.steps = (f"[{key}]", *self.steps)
        return self

    def inside_field(self, name: str) -> Invalid:
        self.steps = (name, *self.steps)
        return self

    @property
    def path(self) -> str:
        """Where the value is, such as `features[0].enabled`."""
        return "".join(step if step[0] == "[" else f".{step}" for step in self.steps).removeprefix(".")

    def message(self) -> str:
        return f"`{self.path}` {self.text}"

    def error(self) -> Exception:
        """The exception to raise from a public function."""
        raise NotImplementedError


class WrongType(Invalid):
    """A value of another type; the caller gets a `TypeError`."""

    def because(self, hint: str) -> WrongType:
        self.text += f": {hint}"
        return self

    def error(self) -> Exception:
        return TypeError(self.message())


class WrongValue(Invalid):
    """A value of the right type that is invalid; the caller gets `ScalekitError.InvalidArgument`."""

    def error(self) -> Exception:
        from .errors import client_error

        return client_error("InvalidArgument", self.message())


def wrong_type(value: object, expected: str) -> WrongType:
    return WrongType(f"must be {expected}, not {type(value).__name__}")


def near_miss(name: str, names: tuple[str, ...]) -> str:
    """`; did you mean …?` if a known name is similar."""
    from difflib import get_close_matches

    close = get_close_matches(name, names, n=1)
    return f"; did you mean `{close[0]}`?" if close else ""
