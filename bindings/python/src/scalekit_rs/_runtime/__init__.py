"""The handwritten part of the package, which calls the native library. The generated modules import this one.

`library` loads the native library, `values` converts values, `calls` and `awaiting` make calls, and the other
modules are the base classes of the public ones.
"""

from __future__ import annotations

from .awaiting import AsyncCall as AsyncCall
from .calls import BlockingCall as BlockingCall
from .calls import Constructor as Constructor
from .calls import Function as Function
from .clients import AsyncClient as AsyncClient
from .clients import Client as Client
from .containers import as_dict as as_dict
from .containers import as_list as as_list
from .containers import as_record as as_record
from .containers import as_records as as_records
from .enums import ClosedEnum as ClosedEnum
from .enums import OpenEnum as OpenEnum
from .events import EventCall as EventCall
from .identify import identify
from .named import public as public
from .objects import Object as Object
from .objects import Secret as Secret
from .pages import AsyncPager as AsyncPager
from .pages import Page as Page
from .pages import Pager as Pager
from .records import Request as Request
from .records import Response as Response
from .records import request_of as request_of
from .rows import copied as copied
from .rows import member as member
from .rows import time as time
from .rows import view as view
from .rows import views as views

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import overload as overload
else:

    def overload(function):
        """`typing.overload` without the import of `typing`, which takes longer than that of this package."""
        return function


identify()
