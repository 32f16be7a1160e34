# From here to the public interface the code is written by hand. Part 1: calling the native library.


class _LazyModule:
    """Imports a module on first use."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        module = globals()[self._name] = __import__(self._name)
        return getattr(module, name)


json = _LazyModule("json")
weakref = _LazyModule("weakref")


class _Library(ctypes.CDLL):
    """The native library. Functions get their types on first use: most programs call few of the hundreds."""

    def __getattr__(self, name):
        start = _FUNCTIONS.find(f"\n{name} ")
        if start < 0:
            raise AttributeError(name)
        _, arguments, result, checksum = _FUNCTIONS[start + 1 : _FUNCTIONS.index("\n", start + 1)].split(" ")
        if checksum != "-":
            check = self[name.replace("_fn_", "_checksum_", 1)]
            check.restype = ctypes.c_uint16
            if check() != int(checksum):
                raise InternalError(f"the native library does not match this version of the package: {name}")
        # These return at once, take no lock and make no callback: releasing the GIL costs more than they do.
        holds_gil = "_fn_clone_" in name or "_rustbuffer_" in name
        function = (_gil_library if holds_gil else self)[name]
        function.argtypes = [_C_TYPES[letter] for letter in arguments[1:]]
        function.restype = _C_TYPES[result]
        # Last, because other threads may use the function from here on.
        setattr(self, name, function)
        return function


_UNIFFI_RUST_FUTURE_CONTINUATION_CALLBACK = ctypes.CFUNCTYPE(None, ctypes.c_uint64, ctypes.c_int8)

_C_TYPES = {
    "-": None,
    "B": _UniffiRustBuffer,
    "F": _UniffiForeignBytes,
    "S": ctypes.POINTER(_UniffiRustCallStatus),
    "C": _UNIFFI_RUST_FUTURE_CONTINUATION_CALLBACK,
    "b": ctypes.c_int8,
    "u": ctypes.c_uint8,
    "h": ctypes.c_int16,
    "H": ctypes.c_uint16,
    "i": ctypes.c_int32,
    "I": ctypes.c_uint32,
    "q": ctypes.c_int64,
    "Q": ctypes.c_uint64,
    "f": ctypes.c_float,
    "d": ctypes.c_double,
}

# `PyDLL` keeps the GIL during a call, `CDLL` releases it.
_gil_library = ctypes.PyDLL(_uniffi_load_indirect())
_UniffiLib = _Library(_gil_library._name)

if _UniffiLib.ffi_scalekit_uniffi_contract_version() != _CONTRACT:
    raise InternalError("the native library was built with another version of UniFFI")


def _uniffi_rust_call_with_error(error, function, *arguments):
    # A zeroed status means success without a message.
    status = _UniffiRustCallStatus()
    result = function(*arguments, _byref(status))
    if status.code:
        _uniffi_check_call_status(error, status)
    return result


def _uniffi_rust_call(function, *arguments):
    return _uniffi_rust_call_with_error(None, function, *arguments)


def _length_of(data):
    if len(data) > 0x7FFFFFFF:
        raise _client_error(ScalekitError.InvalidArgument, "an argument is larger than 2 GiB")
    return len(data)


def _to_library(data):
    """Copies bytes into a buffer that the library owns."""
    return _from_bytes(_UniffiForeignBytes(_length_of(data), data), _cannot_fail)


class _UniffiRustBufferBuilder(bytearray):
    """Collects a serialized argument, which is then copied to the library in one piece."""

    __slots__ = ()

    def write(self, value):
        self += value

    def write_i8(self, value):
        self += _pack_i8(value)

    def write_u8(self, value):
        self.append(value)

    def write_i16(self, value):
        self += _pack_i16(value)

    def write_i32(self, value):
        self += _pack_i32(value)

    def write_u32(self, value):
        self += _pack_u32(value)

    def write_i64(self, value):
        self += _pack_i64(value)

    def write_u64(self, value):
        self += _pack_u64(value)

    def write_float(self, value):
        self += _pack_float(value)

    def write_double(self, value):
        self += _pack_double(value)


_byref = ctypes.byref
# The status of calls that cannot fail: they count up a handle, or copy bytes whose length is checked.
_cannot_fail = _byref(_UniffiRustCallStatus())
_get_ident = _thread.get_ident
_from_bytes = _UniffiLib.ffi_scalekit_rustbuffer_from_bytes
_pack_i8 = struct.Struct(">b").pack
_pack_i16 = struct.Struct(">h").pack
_pack_i32 = struct.Struct(">i").pack
_pack_u32 = struct.Struct(">I").pack
_pack_i64 = struct.Struct(">q").pack
_pack_u64 = struct.Struct(">Q").pack
_pack_float = struct.Struct(">f").pack
_pack_double = struct.Struct(">d").pack


# Part 2: awaiting calls that the library runs on its own threads.


class _Awaiter:
    """The pending calls of one event loop. Results that arrive together wake the loop once."""

    __slots__ = ("code", "is_woken", "loop", "polled", "results", "thread")

    def __init__(self, loop):
        # A weak reference: the loop may be dropped before its thread ends.
        self.loop = weakref.ref(loop)
        self.thread = _get_ident()
        # The number of the call that is being polled, and its result if that comes at once on this thread.
        self.polled = self.code = None
        # Results that come later, from the library's threads.
        self.results = collections.deque()
        self.is_woken = False

    def deliver(self):
        # Reset before the queue is read, so that a later result wakes the loop again.
        self.is_woken = False
        while self.results:
            future, code = self.results.popleft()
            if not future.done():
                future.set_result(code)


class _ThreadLocal(_thread._local):
    awaiter = None


_thread_local = _ThreadLocal()
# By number: the calls whose continuation the library will call.
_pending = {}
_numbers = itertools.count(1)
_get_running_loop = None


def _awaiter():
    if _is_shut_down:
        raise _shut_down_error()
    global _get_running_loop
    if _get_running_loop is None:
        # asyncio is half of the import time, so only programs that await calls pay for it.
        from asyncio import get_running_loop as _get_running_loop
    loop = _get_running_loop()
    awaiter = _thread_local.awaiter
    if awaiter is None or awaiter.loop() is not loop:
        awaiter = _thread_local.awaiter = _Awaiter(loop)
    return awaiter, loop


@_UNIFFI_RUST_FUTURE_CONTINUATION_CALLBACK
def _uniffi_continuation_callback(number, code):
    awaiter, future = _pending.pop(number)
    if awaiter.polled == number and awaiter.thread == _get_ident():
        awaiter.code = code
        return
    if future.done():
        # The call was cancelled, and the library is dropping it.
        return
    awaiter.results.append((future, code))
    if not awaiter.is_woken:
        awaiter.is_woken = True
        try:
            future.get_loop().call_soon_threadsafe(awaiter.deliver)
        except RuntimeError:
            # The loop was closed during the call: no task awaits the result.
            return


class _Future:
    """The library's functions for futures with one kind of result."""

    def __init__(self, kind):
        self.poll = getattr(_UniffiLib, f"ffi_scalekit_rust_future_poll_{kind}")
        self.complete = getattr(_UniffiLib, f"ffi_scalekit_rust_future_complete_{kind}")
        self.free = getattr(_UniffiLib, f"ffi_scalekit_rust_future_free_{kind}")


_futures = {}


def _future(kind):
    return _futures.get(kind) or _futures.setdefault(kind, _Future(kind))


async def _await_call(error, future, kind):
    functions = _future(kind)
    try:
        awaiter, loop = _awaiter()
        while True:
            result = loop.create_future()
            number = next(_numbers)
            _pending[number] = awaiter, result
            awaiter.polled, awaiter.code = number, None
            if not _call_unless_shut_down(functions.poll, future, _uniffi_continuation_callback, number):
                raise _shut_down_error()
            awaiter.polled, code = None, awaiter.code
            if code is None:
                code = await result
            if code == 0:
                return _uniffi_rust_call_with_error(error, functions.complete, future)
    finally:
        _call_unless_shut_down(functions.free, future)
