"""The base class of errors, and errors that the native library returns."""

from __future__ import annotations

from .buffers import shape_bytes, take_rows, take_text
from .library import InternalError
from .values import Codec, codec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, ClassVar

    from ..errors import Failure, FailureSource, FieldViolation
    from .library import CallStatus


class Error(Exception):
    """An error with the details of a failure.

    A test creates one from a text, and further details as keywords:
    `ScalekitError.NotFound("org_1 is missing", status=404)`.
    """

    __module__ = "scalekit_rs"

    _variants: ClassVar[tuple[type[Error], ...]] = ()

    failure: Failure
    """Details of the failure."""

    def __init__(
        self, failure: Failure | str = "", details: Mapping[str, Any] | None = None, /, **fields: Any
    ) -> None:
        self.failure = _failure(failure, details, fields) if isinstance(failure, str) else failure
        # Plain data, because some serializers of exceptions, such as Celery's for JSON, keep nothing else.
        data = self.failure.to_dict()
        super().__init__(data.pop("summary", ""), data)

    @property
    def status(self) -> int | None:
        """HTTP status code, if there was a response."""
        return self.failure.status

    @property
    def code(self) -> str | None:
        """Error code of the service, or the reason for which the library rejected something."""
        return self.failure.code

    @property
    def request_id(self) -> str | None:
        """Request ID, by which Scalekit's support finds the request."""
        return self.failure.request_id

    @property
    def operation(self) -> str:
        """Operation, such as `organizations.get`. Empty if the failure belongs to none."""
        return self.failure.operation

    @property
    def retryable(self) -> bool:
        """Whether repeating the call is safe and may succeed."""
        return self.failure.retryable

    @property
    def retry_after_seconds(self) -> float | None:
        """Delay before the next attempt that the service requested, in seconds."""
        return self.failure.retry_after_seconds

    @property
    def field_violations(self) -> list[FieldViolation]:
        """Fields that the service rejected."""
        return self.failure.field_violations

    @property
    def source(self) -> FailureSource:
        """Party that failed."""
        return self.failure.source

    def __str__(self) -> str:
        return self.failure.summary

    def __repr__(self) -> str:
        return f"{type(self).__qualname__}({self.failure.summary!r})"


def _failure(summary: str, details: Mapping[str, Any] | None, fields: dict[str, Any]) -> Failure:
    from .named import public

    known = public("Failure").from_dict(details or {"source": "CLIENT"})
    failure: Failure = known.__replace__(summary=summary, **fields)
    return failure


def add_variants(error: type[Error], *variants: tuple[str, str]) -> None:
    """Adds a nested class for each variant, by name and documentation."""
    for name, docs in variants:
        members = {
            "__doc__": docs,
            "__module__": error.__module__,
            "__qualname__": f"{error.__name__}.{name}",
        }
        variant = type(name, (error,), members)
        setattr(error, name, variant)
        error._variants += (variant,)


class ErrorCodec(Codec):
    """The error of a call: the number of the variant, and its failure."""

    def __init__(self, cls: type[Error]) -> None:
        self.cls, self.failure = cls, codec("Failure")
        inner = f"({self.failure.shape})"
        self.shape = f"u{f'{len(inner)}.{inner}' * len(cls._variants)};"
        self.shape_bytes = shape_bytes(self.shape)

    def from_row(self, row: Any) -> Error:
        variant: type[Error] = self.cls._variants[row[0] - 1]
        return variant(self.failure.from_row(row[1]))


def error_of(status: CallStatus) -> Exception:
    """The exception for the status of a call that failed."""
    if status.code == 1:
        of_error: Any = codec("ScalekitError")
        error: Error = of_error.from_row(take_rows(of_error.shape_bytes, status.error))
        return error
    return InternalError(take_text(status.error) or "the native library panicked")


def raise_internal(summary: str, status: CallStatus) -> None:
    """Reports a defect with the raw text of the error, since decoding it might fail the same way."""
    details = take_text(status.error, errors="replace")
    raise InternalError(f"{summary}: {details}")


def client_error(variant: str, summary: str) -> Exception:
    """An error of the library itself: nothing was sent."""
    from .named import public

    error: Exception = getattr(public("ScalekitError"), variant)(summary)
    return error
