# What follows, up to the public interface, is written by hand. First: calling the library.


class _LateModule:
    """Stands for a module until somebody uses it."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        module = globals()[self._name] = __import__(self._name)
        return getattr(module, name)


json = _LateModule("json")
weakref = _LateModule("weakref")


class _Library(ctypes.CDLL):
    """The native library. A function gets its types when it is first used: few of the hundreds are."""

    def __getattr__(self, name):
        start = _FUNCTIONS.find(f"\n{name} ")
        if start < 0:
            raise AttributeError(name)
        _, arguments, result, checksum = _FUNCTIONS[start + 1 : _FUNCTIONS.index("\n", start + 1)].split(" ")
        if checksum != "-":
            check = self[name.replace("_fn_", "_checksum_", 1)]
            check.restype = ctypes.c_uint16
            if check() != int(checksum):
                raise InternalError(f"the library is not of this version of the package: {name}")
        # These return at once, lock nothing and call nobody: letting other threads run meanwhile costs more.
        held = "_fn_clone_" in name or "_rustbuffer_" in name
        function = (_held if held else self)[name]
        function.argtypes = [_C_TYPES[letter] for letter in arguments[1:]]
        function.restype = _C_TYPES[result]
        # Only now: another thread may use it from here on.
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

_held = ctypes.PyDLL(_uniffi_load_indirect())
_UniffiLib = _Library(_held._name)

if _UniffiLib.ffi_scalekit_uniffi_contract_version() != _CONTRACT:
    raise InternalError("the library was made by another UniFFI")


def _uniffi_rust_call_with_error(error, function, *arguments):
    # Its memory is zero: a success, without a message.
    status = _UniffiRustCallStatus()
    result = function(*arguments, _byref(status))
    if status.code:
        _uniffi_check_call_status(error, status)
    return result


def _uniffi_rust_call(function, *arguments):
    return _uniffi_rust_call_with_error(None, function, *arguments)


def _length_of(data):
    if len(data) > 0x7FFFFFFF:
        raise _failed(ScalekitError.InvalidArgument, "an argument is larger than 2 GiB")
    return len(data)


def _to_library(data):
    """Copies bytes into a buffer of the library's."""
    return _from_bytes(_UniffiForeignBytes(_length_of(data), data), _cannot_fail)


class _UniffiRustBufferBuilder(bytearray):
    """What an argument is written into before it is handed over: once, and as a whole."""

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
# Where nothing can go wrong: a count goes up, bytes of a length that was looked at are copied.
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


# Second: awaiting what the library does on threads of its own.


class _Awaiter:
    """The awaited calls of one event loop: however many are answered at once, the loop is woken once."""

    __slots__ = ("answered", "asking", "code", "loop", "thread", "woken")

    def __init__(self, loop):
        # Not the loop itself: it may go before its thread does.
        self.loop = weakref.ref(loop)
        self.thread = _get_ident()
        # The number that the library is asked about just now, and what it said at once, on the loop's thread.
        self.asking = self.code = None
        # What it said later, on a thread of its own.
        self.answered = collections.deque()
        self.woken = False

    def answer(self):
        # Before the queue is looked at: what comes after that wakes the loop again.
        self.woken = False
        while self.answered:
            future, code = self.answered.popleft()
            if not future.done():
                future.set_result(code)


class _OfThread(_thread._local):
    awaiter = None


_of_thread = _OfThread()
# By number: the calls that the library will say something about.
_asked = {}
_numbers = itertools.count(1)
_get_running_loop = None


def _awaiter():
    if _ended:
        raise _no_more_calls()
    global _get_running_loop
    if _get_running_loop is None:
        # Half of what an import costs, which those who do not await anything are spared.
        from asyncio import get_running_loop as _get_running_loop
    loop = _get_running_loop()
    awaiter = _of_thread.awaiter
    if awaiter is None or awaiter.loop() is not loop:
        awaiter = _of_thread.awaiter = _Awaiter(loop)
    return awaiter, loop


@_UNIFFI_RUST_FUTURE_CONTINUATION_CALLBACK
def _uniffi_continuation_callback(number, code):
    awaiter, future = _asked.pop(number)
    if awaiter.asking == number and awaiter.thread == _get_ident():
        awaiter.code = code
        return
    if future.done():
        # It was cancelled, and this is the library letting go of it.
        return
    awaiter.answered.append((future, code))
    if not awaiter.woken:
        awaiter.woken = True
        try:
            future.get_loop().call_soon_threadsafe(awaiter.answer)
        except RuntimeError:
            # The loop was closed while the call was under way: nobody waits for it any more.
            return


class _Future:
    """The functions for futures with one kind of result."""

    def __init__(self, kind):
        self.poll = getattr(_UniffiLib, f"ffi_scalekit_rust_future_poll_{kind}")
        self.complete = getattr(_UniffiLib, f"ffi_scalekit_rust_future_complete_{kind}")
        self.free = getattr(_UniffiLib, f"ffi_scalekit_rust_future_free_{kind}")


_futures = {}


def _future(kind):
    return _futures.get(kind) or _futures.setdefault(kind, _Future(kind))


async def _awaited(error, future, kind):
    functions = _future(kind)
    try:
        awaiter, loop = _awaiter()
        while True:
            answer = loop.create_future()
            number = next(_numbers)
            _asked[number] = awaiter, answer
            awaiter.asking, awaiter.code = number, None
            if not _unless_ended(functions.poll, future, _uniffi_continuation_callback, number):
                raise _no_more_calls()
            awaiter.asking, code = None, awaiter.code
            if code is None:
                code = await answer
            if code == 0:
                return _uniffi_rust_call_with_error(error, functions.complete, future)
    finally:
        _unless_ended(functions.free, future)
