# Third: what public classes and their converters are made of.


_ended = False
# One element for each thread that is in a call which may call back. Appending and popping need no lock.
_inside = []
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_inside.clear)


def _end():
    # A thread that calls into an interpreter which is gone would take the process down, be it one of the
    # library's, or one of the program's that comes back from the library just then.
    global _ended
    _ended = True
    for _ in range(1000):
        if not _inside:
            break
        time.sleep(0.001)
    stop_threads()


atexit.register(_end)


def _unless_ended(call, *arguments):
    _inside.append(None)
    try:
        if _ended:
            return False
        call(*arguments)
        return True
    finally:
        _inside.pop()


def _no_more_calls():
    return _failed(ScalekitError.Closed, "the interpreter is ending: no call can be awaited any more")


def _wrong_type(value, wanted):
    return TypeError(f"must be {wanted}, not {type(value).__name__}")


def _check_type(value, wanted):
    if not isinstance(value, wanted):
        raise _wrong_type(value, wanted.__name__)


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
            raise ValueError("must be text that UTF-8 can hold; it has a lone surrogate") from None


def _check_json(value):
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise type(error)(f"cannot be written as JSON: {error}") from None


def _failed(variant, summary):
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
    """Refuses an argument or field by its name, before anything is handed over."""
    try:
        converter.check_lower(value)
    except TypeError as error:
        text = str(error)
        # A field of a record was named already.
        raise TypeError(text if text.startswith("`") else f"`{name}` {text}") from None
    except (ValueError, RecursionError) as error:
        raise _failed(ScalekitError.InvalidArgument, f"`{name}` {error}") from None


class _Late:
    """Stands for a converter until somebody uses it: then it is made, with some that stand beside it."""

    __slots__ = ("_make", "_name")

    def __init__(self, name, make):
        self._name = name
        self._make = make

    @staticmethod
    def of(*names):
        def stand(make):
            globals().update((name, _Late(name, make)) for name in names)

        return stand

    def __getattr__(self, name):
        if globals()[self._name] is self:
            # Two threads may make two: they are alike.
            globals().update(self._make())
        return getattr(globals()[self._name], name)


class _ObjectConverter:
    """Objects cross as handles. Each that crosses counts as one more, which the other side lets go of."""

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
    """What all records share. They compare by value; one that holds a secret prints without it."""

    # `_row` is what an answer's record is filled from, and gone when it is. A comment has the type, since an
    # annotation would be one of every record's type hints.
    __slots__ = ("_row",)  # type: tuple[str, ...]
    __hash__ = None

    if not typing.TYPE_CHECKING:

        def __getattr__(self, name):
            # Only asked for what is not there.
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
            # Callers put keys of their own gateways into headers: their names say enough.
            shown = list(value) if name == "headers" and isinstance(value, dict) else value
            fields.append(f"{name}={shown!r}")
        return f"{type(self).__name__}({', '.join(fields)})"

    def __eq__(self, other):
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)


_Known = typing.TypeVar("_Known", bound="_OpenEnum")


class _Union:
    """One of several kinds of value, each a class of its own, for `match` and `isinstance`."""

    __slots__ = ()


class _ByRow(dict):
    """The values of an open enumeration by what a row has for them: a number, or a text that is not known."""

    def __init__(self, kind):
        super().__init__({None: None})
        self._kind = kind

    def __missing__(self, text):
        return self._kind(text)


class _OpenEnum(str):
    """A text with a set of known values, to which the service may add at any time."""

    __slots__ = ()

    # In each class: the name and the text of each known value.
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
        cls._by_row = _ByRow(cls)
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
        """The value as the service writes it."""
        return str(self)

    @property
    def is_known(self) -> bool:
        """False for a value that this version does not know."""
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
    """What all objects share: they stand for something in the library, and are neither copied nor stored."""

    def __copy__(self):
        return self

    def __deepcopy__(self, _memo):
        return self

    def __reduce__(self):
        raise TypeError(f"{type(self).__name__} cannot be pickled")


def _next_item(pager):
    # Items that were not handed out stay with the pager: a loop that is left can be taken up again.
    items = pager.__dict__.setdefault("_items", collections.deque())
    while True:
        try:
            return items.popleft()
        except IndexError:
            pass
        # Not inside `except`: an error on the way is not about the empty queue.
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
        # Not inside `except`: an error on the way is not about the empty queue.
        page = await pager.next_page()
        if page is None:
            raise StopAsyncIteration
        items.extend(page)
