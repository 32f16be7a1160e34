# Part 3: base classes of the public classes, and their converters.


_is_shut_down = False
# One element per thread in a call that may make a callback. Appending and popping need no lock.
_active_calls = []
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_active_calls.clear)


def _shut_down():
    # A thread that enters the interpreter after finalization would crash the process. It can be a thread of
    # the library, or a thread of the program that returns from the library at that moment.
    global _is_shut_down
    _is_shut_down = True
    for _ in range(1000):
        if not _active_calls:
            break
        time.sleep(0.001)
    stop_threads()


atexit.register(_shut_down)


def _call_unless_shut_down(call, *arguments):
    _active_calls.append(None)
    try:
        if _is_shut_down:
            return False
        call(*arguments)
        return True
    finally:
        _active_calls.pop()


def _shut_down_error():
    return _client_error(
        ScalekitError.Closed, "the interpreter is shutting down: calls can no longer be awaited"
    )


def _wrong_type(value, expected):
    return TypeError(f"must be {expected}, not {type(value).__name__}")


def _check_type(value, expected):
    if not isinstance(value, expected):
        raise _wrong_type(value, expected.__name__)


def _check_list(value):
    if not isinstance(value, (list, tuple)):
        raise _wrong_type(value, "list")


def _check_dict(value):
    if not isinstance(value, dict):
        raise _wrong_type(value, "dict")


def _check_time(value):
    _check_type(value, datetime.datetime)
    if value.utcoffset() is None:
        raise ValueError("must have a time zone, as in datetime.now(timezone.utc)")


def _check_text(value):
    if not isinstance(value, str):
        raise _wrong_type(value, "str")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError("must be valid UTF-8; it contains a lone surrogate") from None


def _check_secret(value):
    if not isinstance(value, SecretText):
        if not isinstance(value, str):
            raise _wrong_type(value, "str or SecretText")
        _check_text(value)


def _check_json(value):
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise type(error)(f"cannot be serialized as JSON: {error}") from None


def _client_error(variant, summary):
    failure = Failure(
        summary=summary,
        operation="",
        status=None,
        code=None,
        request_id=None,
        retry_after_seconds=None,
        retryable=False,
        field_violations=[],
        source=FailureSource.CLIENT,
    )
    return variant(failure)


def _check(name, converter, value):
    """Rejects an invalid argument or field by name, before anything is passed to the library."""
    try:
        converter.check_lower(value)
    except TypeError as error:
        text = str(error)
        # For a field of a record, the text names the field already.
        raise TypeError(text if text.startswith("`") else f"`{name}` {text}") from None
    except (ValueError, RecursionError) as error:
        raise _client_error(ScalekitError.InvalidArgument, f"`{name}` {error}") from None


def _secret(name, value):
    """A secret that is stored in a record, whose `repr` shows a `SecretText` redacted."""
    _check(name, _UniffiFfiConverterTypeSecretInput, value)
    return SecretText(value) if isinstance(value, str) else value


class _LazyConverter:
    """A placeholder that creates its converter, and the others of its group, on first use."""

    __slots__ = ("_create", "_name")

    def __init__(self, name, create):
        self._name = name
        self._create = create

    @staticmethod
    def group(*names):
        def register(create):
            globals().update((name, _LazyConverter(name, create)) for name in names)

        return register

    def __getattr__(self, name):
        if globals()[self._name] is self:
            # Two threads may both create it: the results are interchangeable.
            globals().update(self._create())
        return getattr(globals()[self._name], name)


class _ObjectConverter:
    """Objects are passed as handles. Each pass adds a reference, which the receiving side releases."""

    __slots__ = ("_type",)

    def __init__(self, kind):
        self._type = kind

    def lift(self, handle):
        return self._type._uniffi_make_instance(handle)

    def check_lower(self, value):
        _check_type(value, self._type)

    def lower(self, value):
        return value._uniffi_clone_handle()

    def read(self, buf):
        return self.lift(buf.read_u64())

    def write(self, value, buf):
        buf.write_u64(value._uniffi_clone_handle())


class _Record:
    """The base class of records. Records compare by value, and their `repr` shows no secrets."""

    # `_row` holds the undecoded fields of a record in a response until first access. The type is a comment,
    # because an annotation would appear in the type hints of every record.
    __slots__ = ("_row",)  # type: tuple[str, ...]
    __hash__ = None

    if not typing.TYPE_CHECKING:

        def __getattr__(self, name):
            # Python calls this only for attributes that are not set.
            if name == "_row":
                raise AttributeError(name)
            _read_row(self)
            return object.__getattribute__(self, name)

    def __repr__(self):
        fields = []
        for name in self.__slots__:
            value = getattr(self, name)
            if value is None:
                continue
            # Headers may hold secrets, such as the API key of a gateway, so only their names are shown.
            shown = list(value) if name == "headers" and isinstance(value, dict) else value
            fields.append(f"{name}={shown!r}")
        return f"{type(self).__name__}({', '.join(fields)})"

    def __eq__(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)


_Known = typing.TypeVar("_Known", bound="_OpenEnum")


class _Union:
    """The base class of tagged unions. Each variant is a class, for `match` and `isinstance`."""

    __slots__ = ()


class _RowValues(dict):
    """The members of an open enumeration by their form in a row: a number, or the text if it is unknown."""

    def __init__(self, kind):
        super().__init__({None: None})
        self._kind = kind

    def __missing__(self, text):
        return self._kind(text)


class _OpenEnum(str):
    """A `str` with a set of known values, which the service may extend at any time."""

    __slots__ = ()

    # Set in each subclass: the name and the text of each known value.
    _known: typing.ClassVar[tuple[tuple[str, str], ...]] = ()

    if typing.TYPE_CHECKING:

        def __new__(cls: type[_Known], value: str) -> _Known: ...

    else:

        def __new__(cls, value):
            known = cls._by_text.get(value)
            return str.__new__(cls, value) if known is None else known

    def __init_subclass__(cls):
        cls._by_text = {}
        cls._by_number = [None]
        cls._by_row = _RowValues(cls)
        for name, text in cls._known:
            member = str.__new__(cls, text)
            cls._by_text[text] = member
            cls._by_row[len(cls._by_number)] = member
            cls._by_number.append(member)
            setattr(cls, name, member)
        cls._numbers = {text: number for number, (_, text) in enumerate(cls._known, 1)}
        cls._names = {text: name for name, text in cls._known}

    @property
    def wire_value(self) -> str:
        """The value as sent to and received from the service."""
        return str(self)

    @property
    def is_known(self) -> bool:
        """Whether this version of the package knows the value."""
        return self in self._by_text

    def __repr__(self):
        name = self._names.get(self)
        kind = type(self).__name__
        return f"{kind}({str(self)!r})" if name is None else f"{kind}.{name}"


class _OpenEnumConverter(_UniffiConverterRustBuffer):
    @classmethod
    def read(cls, buf):
        number = buf.read_i32()
        known = cls._type._by_number
        return known[number] if number < len(known) else cls._type(_UniffiFfiConverterString.read(buf))

    @classmethod
    def check_lower(cls, value):
        _check_type(value, cls._type)
        _check_text(value)

    @classmethod
    def write(cls, value, buf):
        number = cls._type._numbers.get(value)
        if number is not None:
            buf.write_i32(number)
        else:
            buf.write_i32(len(cls._type._by_number))
            _UniffiFfiConverterString.write(value, buf)


class _Object:
    """The base class of objects that live in the native library. They cannot be copied or pickled."""

    def __copy__(self):
        return self

    def __deepcopy__(self, _memo):
        return self

    def __reduce__(self):
        raise TypeError(f"{type(self).__name__} cannot be pickled")


def _next_item(pager):
    # Items not yet returned stay with the pager, so that iteration can continue after a `break`.
    items = pager.__dict__.setdefault("_items", collections.deque())
    while True:
        try:
            return items.popleft()
        except IndexError:
            pass
        # Outside of `except`, so that an error of the request does not have the `IndexError` as its context.
        page = pager.next_page()
        if page is None:
            raise StopIteration
        items.extend(page)


async def _next_item_async(pager):
    items = pager.__dict__.setdefault("_items", collections.deque())
    while True:
        try:
            return items.popleft()
        except IndexError:
            pass
        # Outside of `except`, so that an error of the request does not have the `IndexError` as its context.
        page = await pager.next_page()
        if page is None:
            raise StopAsyncIteration
        items.extend(page)
