# Part 4: decoding responses. The environment variable `SCALEKIT_PYTHON_READER=generated` selects UniFFI's own
# reader, which reads every number from foreign memory one by one. The results are the same, but slower.
_DECODES_ROWS = os.environ.get("SCALEKIT_PYTHON_READER") != "generated"

# The objects that an object refers to: for a record that has only its row, its class and the row.
_referents = gc.get_referents
_new = object.__new__
_addressof = ctypes.addressof
_time = datetime.datetime.fromisoformat


def _scan_json(text, at):
    # Replaced by the decoder on the first response, because importing `json` takes time.
    global _scan_json
    _scan_json = json.JSONDecoder().scan_once
    return _scan_json(text, at)


def _number_reader(format):
    packed = struct.Struct(format)
    size, unpack = packed.size, packed.unpack_from

    def read(self):
        offset = self.offset
        self.offset = offset + size
        try:
            return unpack(self.data, offset)[0]
        except struct.error:
            raise InternalError("read past end of rust buffer") from None

    return read


class _CopiedStream(_UniffiRustBufferStream):
    """Reads from a copy of the buffer, which is faster than reading foreign memory."""

    def __init__(self, data, len):
        super().__init__(ctypes.string_at(data, len), len)

    read_i8 = _number_reader(">b")
    read_u8 = _number_reader(">B")
    read_i16 = _number_reader(">h")
    read_u16 = _number_reader(">H")
    read_i32 = _number_reader(">i")
    read_u32 = _number_reader(">I")
    read_i64 = _number_reader(">q")
    read_u64 = _number_reader(">Q")
    read_float = _number_reader(">f")
    read_double = _number_reader(">d")


if _DECODES_ROWS:
    _UniffiRustBufferStream = _CopiedStream


def _rows(shape, buffer):
    # The core borrows the buffer and converts it to JSON. The buffer is freed in any case.
    library = _UniffiLib
    borrowed = _UniffiForeignBytes(buffer.len, _addressof(buffer.data.contents))
    try:
        text = _uniffi_rust_call_with_error(
            _UniffiFfiConverterTypeScalekitError, library.uniffi_scalekit_fn_func_rows_of, shape, borrowed
        )
    finally:
        library.ffi_scalekit_rustbuffer_free(buffer, _cannot_fail)
    try:
        rows = ctypes.string_at(text.data, text.len).decode()
    finally:
        library.ffi_scalekit_rustbuffer_free(text, _cannot_fail)
    return rows, *_scan_json(rows, 0)


class _RowsConverter(_UniffiConverterRustBuffer):
    """Converts a response that contains no objects of the native library, by way of rows."""

    # Set in each subclass: the shape, which the core needs, and `from_row`.
    _shape = b""
    # Which part of the response is a deferred list: `all` of it, or its `first` field.
    _deferred = None
    _lowered_shape = None

    @classmethod
    def lift_rows(cls, buffer):
        shape = cls._lowered_shape
        if shape is None:
            shape = cls._lowered_shape = _UniffiFfiConverterByRefBytes.lower(cls._shape)
        text, row, end = _rows(shape, buffer)
        if cls._deferred == "first":
            row[0] = [(text, end + at) for at in row[0]]
        elif cls._deferred == "all" and row is not None:
            row = [(text, end + at) for at in row]
        return cls.from_row(row)

    if _DECODES_ROWS:
        lift = lift_rows


# The records that are being filled, by `id()`, with the thread that fills them. With a single lock, threads
# would queue behind a holder that waits for the GIL.
_filling = {}
if hasattr(os, "register_at_fork"):
    # The child process does not have the threads that were filling records.
    os.register_at_fork(after_in_child=_filling.clear)


def _read_row(record):
    """Fills the fields of a record that still has its row."""
    # One thread may enter twice for the same record, because the garbage collector can run any finalizer.
    key, thread = id(record), _get_ident()
    try:
        while _filling.setdefault(key, thread) != thread:
            time.sleep(0.00005)
        row = record._row
    except AttributeError:
        # The fields are set: another thread was faster, or the attribute is not a field.
        pass
    else:
        record._fill(_scan_json(*row)[0] if type(row) is tuple else row)
    finally:
        # A thread that was interrupted while waiting must not remove the entry of the thread that is filling.
        if _filling.get(key) == thread:
            _filling.pop(key, None)


def _lazy_record(cls, row):
    """Creates a record that keeps its row undecoded: a list of fields, or a JSON text and an offset in it."""
    record = _new(cls)
    record._row = row
    return record


def _fill_unset(record, values):
    """Fills a record of which the program has set some fields, and keeps those."""
    for name, value in zip(type(record).__slots__, values, strict=True):
        try:
            object.__getattribute__(record, name)
        except AttributeError:
            setattr(record, name, value)
    with contextlib.suppress(AttributeError):
        # Absent if a finalizer filled the record while the values were created.
        del record._row


def _enum_member(cls, number):
    return list(cls)[number - 1]
