"""Calls of the native library that return a result at once, or block until there is one."""

from __future__ import annotations

import ctypes

from . import logs, pauses
from .blocking import check_thread
from .buffers import Out, shape_bytes, take_rows, take_text, to_library
from .errors import error_of
from .invalid import Invalid
from .library import STATUS, CallStatus, ForeignBytes, RustBuffer, check, native
from .records import ResponseCodec
from .values import AnyJson, Boolean, Codec, Data, Instance, Integer, Number, Text, check_length, codec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_byref = ctypes.byref


def _c_type(of: Codec) -> Any:
    if isinstance(of, Instance):
        return ctypes.c_uint64
    if isinstance(of, Data):
        return ForeignBytes
    scalars = {"b": ctypes.c_int8, "i": ctypes.c_int32, "l": ctypes.c_int64, "d": ctypes.c_double}
    return scalars.get(of.shape, RustBuffer)


def _encoder(of: Codec) -> Callable[[Any], Any]:
    """What checks an argument and serializes it, without any effect yet."""
    if isinstance(of, (Boolean, Integer, Number, Instance)):
        return of.to_row
    if isinstance(of, (Text, Data, AnyJson)):
        return of.check

    def encode(value: Any) -> Out:
        out = Out()
        of.write(value, out)
        return check_length(out)

    return encode


def _passer(of: Codec) -> Callable[[Any], Any] | None:
    """What passes an encoded argument to the library, which then owns it."""
    if isinstance(of, (Boolean, Integer, Number)):
        return None
    if isinstance(of, Instance):
        return lambda value: value._clone()
    if isinstance(of, Data):
        return lambda data: ForeignBytes(len(data), data)
    if isinstance(of, (Text, AnyJson)):
        return to_library
    return lambda out: to_library(out.finish())


def _lifter(of: Codec) -> Callable[[Any], Any]:
    """What converts a result."""
    if isinstance(of, Boolean):
        return bool
    if isinstance(of, (Integer, Number)):
        return lambda value: value
    if isinstance(of, Instance):
        return of.adopt
    if isinstance(of, Text):
        return take_text
    if isinstance(of, AnyJson):
        return _take_json
    shape = shape_bytes(of.shape)
    if of.has_objects:
        return lambda buffer: of.from_row(of.adopt(take_rows(shape, buffer)))
    return lambda buffer: of.from_row(take_rows(shape, buffer))


def _take_json(buffer: RustBuffer) -> Any:
    import json

    return json.loads(take_text(buffer))


class Function:
    """A function of the library. Its types are looked up on the first call: a program makes few of them."""

    def __init__(self, symbol: str, checksum: int, *arguments: str, returns: str | None = None) -> None:
        self.symbol, self.checksum, self.specs, self.returns = symbol, checksum, arguments, returns
        # The first argument of a method is the object, unless it is a record.
        self.is_method = symbol.startswith("method_") and not (arguments and arguments[0].startswith("self "))
        self._native: Any = None

    def _prepare(self) -> Any:
        if self.checksum:
            check(self.symbol, self.checksum)
        names, codecs = [], []
        for spec in self.specs:
            name, _, shape = spec.partition(" ")
            names.append(name)
            codecs.append(codec(shape))
        self._encoders = tuple((name, _encoder(of)) for name, of in zip(names, codecs, strict=True))
        self._passers = tuple(_passer(of) for of in codecs)
        types = [ctypes.c_uint64] if self.is_method else []
        types += [_c_type(of) for of in codecs]
        self._native = self._declare(types)
        return self._native

    def _declare(self, types: list[Any]) -> Any:
        result = codec(self.returns) if self.returns else None
        self._creates = isinstance(result, Instance)
        # What reads a record, such as the event of a webhook, may log. The others are as fast as possible.
        self._may_log = isinstance(result, ResponseCodec)
        self._lift = _lifter(result) if result else None
        c_type = _c_type(result) if result else None
        return native(f"uniffi_scalekit_fn_{self.symbol}", (*types, STATUS), c_type)

    def _encode(self, values: tuple[Any, ...]) -> list[Any]:
        """Checks and serializes the arguments. Nothing is passed to the library before all are valid."""
        encoded = []
        for (name, encode), value in zip(self._encoders, values, strict=True):
            try:
                encoded.append(encode(value))
            except Invalid as invalid:
                # A field of a record is named without its parameter, which keywords hide.
                if not invalid.path or invalid.path.startswith("["):
                    invalid.inside_field(name)
                raise invalid.error() from None
        return encoded

    def _pass(self, owner: Any, encoded: list[Any]) -> list[Any]:
        pairs = zip(self._passers, encoded, strict=True)
        passed = [value if give is None else give(value) for give, value in pairs]
        return passed if owner is None else [owner._clone(), *passed]

    def __call__(self, *values: Any) -> Any:
        call = self._native or self._prepare()
        owner, values = (values[0], values[1:]) if self.is_method else (None, values)
        encoded = self._encode(values)
        if self._may_log:
            logs.follow_level()
        status = CallStatus()
        result = call(*self._pass(owner, encoded), _byref(status))
        if self._may_log and logs.has_events():
            logs.deliver()
        if status.code:
            raise error_of(status)
        lifted: Any = self._lift(result) if self._lift else None
        if self._creates:
            # A resource or a pager is as strict about event loops as its client.
            lifted._strict = getattr(owner, "_strict", False)
        return lifted


class Constructor(Function):
    """Creates an object, and returns its handle."""

    def _declare(self, types: list[Any]) -> Any:
        self._lift = None
        return native(f"uniffi_scalekit_fn_{self.symbol}", (*types, STATUS), ctypes.c_uint64)

    def __call__(self, *values: Any) -> int:
        call = self._native or self._prepare()
        encoded = self._encode(values)
        status = CallStatus()
        handle: int = call(*self._pass(None, encoded), _byref(status))
        if status.code:
            raise error_of(status)
        return handle


class BlockingCall(Function):
    """A call that sends requests. Its thread waits for the result.

    In the main thread, a call that takes long returns every 50 ms and is continued, so that Python runs
    signal handlers.
    """

    def __call__(self, *values: Any) -> Any:
        call = self._native or self._prepare()
        owner, encoded = values[0], self._encode(values[1:])
        check_thread(owner, self.symbol)
        logs.follow_level()
        if pauses.apply_here():
            result, error = pauses.run(lambda status: call(*self._pass(owner, encoded), _byref(status)))
        else:
            status = CallStatus()
            result = call(*self._pass(owner, encoded), _byref(status))
            error = error_of(status) if status.code else None
        if logs.has_events():
            logs.deliver()
        if error is not None:
            try:
                raise error
            finally:
                # Or the error, this frame and its arguments would wait for the garbage collector.
                del error
        return self._lift(result) if self._lift else None
