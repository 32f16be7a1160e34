# Reading answers. UniFFI's reader, which takes every number by itself from foreign memory, is used where the
# environment of the program says so; answers are the same then, and slower.
_OWN_READER = os.environ.get("SCALEKIT_PYTHON_READER") != "generated"

# What an object refers to: of a record with a row and nothing else, its class and the row.
_referents = gc.get_referents
_new = object.__new__
_addressof = ctypes.addressof
_time = datetime.datetime.fromisoformat


def _raw_json(text, at):
    # The first answer brings the decoder.
    global _raw_json
    _raw_json = json.JSONDecoder().scan_once
    return _raw_json(text, at)


def _number(of):
    format = struct.Struct(of)
    size, unpack = format.size, format.unpack_from

    def read(self):
        offset = self.offset
        self.offset = offset + size
        try:
            return unpack(self.data, offset)[0]
        except struct.error:
            raise InternalError("read past end of rust buffer") from None

    return read


class _CopiedStream(_UniffiRustBufferStream):
    """A buffer's bytes, copied once."""

    def __init__(self, data, len):
        super().__init__(ctypes.string_at(data, len), len)

    read_i8 = _number(">b")
    read_u8 = _number(">B")
    read_i16 = _number(">h")
    read_u16 = _number(">H")
    read_i32 = _number(">i")
    read_u32 = _number(">I")
    read_i64 = _number(">q")
    read_u64 = _number(">Q")
    read_float = _number(">f")
    read_double = _number(">d")


if _OWN_READER:
    _UniffiRustBufferStream = _CopiedStream


def _rows(shape, buffer):
    # The buffer is lent to the core, which makes JSON of it, and freed whatever comes of that.
    library = _UniffiLib
    lent = _UniffiForeignBytes(buffer.len, _addressof(buffer.data.contents))
    try:
        text = _uniffi_rust_call_with_error(
            _UniffiFfiConverterTypeScalekitError, library.uniffi_scalekit_fn_func_rows_of, shape, lent
        )
    finally:
        library.ffi_scalekit_rustbuffer_free(buffer, _cannot_fail)
    try:
        rows = ctypes.string_at(text.data, text.len).decode()
    finally:
        library.ffi_scalekit_rustbuffer_free(text, _cannot_fail)
    return rows, *_raw_json(rows, 0)


class _RowsConverter(_UniffiConverterRustBuffer):
    """What a call gives, and holds nothing that the library counts: it is taken over as rows."""

    # In each class: the shape, for the core, and `from_row`.
    _shape = b""
    # What is a list for later: `all` of the answer, or its `first` field.
    _later = None
    _lent_shape = None

    @classmethod
    def lift_rows(cls, buffer):
        shape = cls._lent_shape
        if shape is None:
            shape = cls._lent_shape = _UniffiFfiConverterByRefBytes.lower(cls._shape)
        text, row, end = _rows(shape, buffer)
        if cls._later == "first":
            row[0] = [(text, end + at) for at in row[0]]
        elif cls._later == "all" and row is not None:
            row = [(text, end + at) for at in row]
        return cls.from_row(row)

    if _OWN_READER:
        lift = lift_rows


# The records that are being filled, by their ids, with the thread that does it. One lock for all would make
# threads queue behind one that holds it while it waits for the interpreter.
_filling = {}
if hasattr(os, "register_at_fork"):
    # Other threads are not there any more.
    os.register_at_fork(after_in_child=_filling.clear)


def _read_row(record):
    """Fills a record that still has its row."""
    # The same thread may come here twice for one: the garbage collector runs anything.
    key, thread = id(record), _get_ident()
    try:
        while _filling.setdefault(key, thread) != thread:
            time.sleep(0.00005)
        row = record._row
    except AttributeError:
        # It has its fields: another thread was first, or what is looked for is none.
        pass
    else:
        record._fill(_raw_json(*row)[0] if type(row) is tuple else row)
    finally:
        # Whoever was interrupted while waiting leaves the other one's mark where it is.
        if _filling.get(key) == thread:
            _filling.pop(key, None)


def _unread(kind, row):
    """A record whose fields are still in their row, or in a text that has the row from some place on."""
    record = _new(kind)
    record._row = row
    return record


def _fill_the_rest(record, values):
    """Fills a record that somebody has set fields of: these stay."""
    for name, value in zip(type(record).__slots__, values, strict=True):
        try:
            object.__getattribute__(record, name)
        except AttributeError:
            setattr(record, name, value)
    with contextlib.suppress(AttributeError):
        # Not there if what ran while the values were made has filled it.
        del record._row


def _closed(kind, number):
    return list(kind)[number - 1]
