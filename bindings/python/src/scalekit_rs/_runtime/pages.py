"""Base classes of pages, and of pagers, which iterate over the items of all pages."""

from __future__ import annotations

from collections import deque

from .objects import Object
from .plans import plan_of
from .records import Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from typing import Any, ClassVar, TypeVar

    Self = TypeVar("Self", bound="Page")
    P = TypeVar("P", bound="_Pager")


class Page(Response):
    """A page of a list. It is iterable: its items are those of the page."""

    __slots__ = ("_continue",)

    # The field with the items.
    _items: ClassVar[str]
    _continue: tuple[Callable[..., Any], tuple[Any, ...], Any]

    def _continued_by(self: Self, list_all: Callable[..., Any], path: tuple[Any, ...], params: Any) -> Self:
        self._continue = (list_all, path, params)
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter(getattr(self, self._items))

    def __len__(self) -> int:
        return len(self._row[plan_of(type(self)).names.index(self._items)])

    def auto_paging_iter(self) -> Iterator[Any]:
        """Iterates over the items of this page and of all later ones, which it fetches when they are due."""
        pager = self._next_pager()
        if isinstance(pager, AsyncPager):
            raise TypeError("a page of an async client: write `async for … in page.auto_paging_iter_async()`")
        yield from self
        if pager is not None:
            yield from pager

    async def auto_paging_iter_async(self) -> AsyncIterator[Any]:
        """Does the same for a page of an async client: `async for item in page.auto_paging_iter_async()`."""
        pager = self._next_pager()
        if isinstance(pager, Pager):
            raise TypeError("a page of a blocking client: write `for … in page.auto_paging_iter()`")
        for item in self:
            yield item
        if pager is not None:
            async for item in pager:
                yield item

    def _next_pager(self) -> Any:
        """A pager from the next page on. `None` if this is the last one, or if no call returned it."""
        found = getattr(self, "_continue", None)
        if found is None:
            return None
        list_all, path, params = found
        names = plan_of(type(self)).names
        if "next_page_token" in names:
            token = self.next_page_token  # type: ignore[attr-defined]
            if not token:
                return None
            changes = {"page_token": token}
        else:
            if len(self) == 0:
                return None
            # The first page has the number 0.
            changes = {"page_number": (getattr(params, "page_number", None) or 0) + 1}
        if params is None:
            return list_all(*path, **changes)
        return list_all(*path, params.__replace__(**changes))


class _Pager(Object):
    __slots__ = ("_buffer",)

    # Items that were not returned yet stay with the pager, so that iteration can continue after a `break`.
    _buffer: deque[Any]

    @classmethod
    def _of_handle(cls: type[P], handle: int) -> P:
        pager = super()._of_handle(handle)
        pager._buffer = deque()
        return pager


class Pager(_Pager):
    """Iterates over the items of all pages, and fetches a page when it is reached."""

    __slots__ = ()

    def next_page(self) -> Any:
        raise NotImplementedError

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        while True:
            try:
                return self._buffer.popleft()
            except IndexError:
                pass
            # Outside of `except`, so that an error of the request does not have the `IndexError` as context.
            page = self.next_page()
            if page is None:
                raise StopIteration
            self._buffer.extend(page)


class AsyncPager(_Pager):
    """Iterates over the items of all pages with `async for`, and fetches a page when it is reached."""

    __slots__ = ()

    async def next_page(self) -> Any:
        raise NotImplementedError

    def __aiter__(self) -> Any:
        return self

    async def __anext__(self) -> Any:
        while True:
            try:
                return self._buffer.popleft()
            except IndexError:
                pass
            page = await self.next_page()
            if page is None:
                raise StopAsyncIteration
            self._buffer.extend(page)
