"""`steps.py SECONDS`: the time of our blocking calls, step by step.

It uses internals of the generated module and must be updated when those change.
`cargo xtask bench steps` runs it.
"""

import ctypes
import json
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import measure
from environment import PAGE_SIZE

Steps = dict[str, measure.Call]


def _native_call(native: Any, call: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """The native call alone: request, response, record written into a buffer."""
    error = native._UniffiFfiConverterTypeScalekitError
    return native._uniffi_rust_call_with_error(error, call, *arguments)


def _steps(native: Any, client: Any, work: str) -> Steps:
    users = client.users
    library = native._UniffiLib
    if work == "one":
        call, record = library.uniffi_scalekit_fn_method_users_get, native._UniffiFfiConverterTypeUser
        lower, argument = native._UniffiFfiConverterString.lower, "usr_1"
    else:
        call, record = library.uniffi_scalekit_fn_method_users_list, native._UniffiFfiConverterTypeUserPage
        lower, argument = (
            native._UniffiFfiConverterTypeListUsers.lower,
            native.ListUsers(page_size=PAGE_SIZE),
        )

    def whole() -> None:
        client.users.get("usr_1") if work == "one" else client.users.list(argument)

    def fetch() -> Any:
        return _native_call(native, call, (users._uniffi_clone_handle(), lower(argument)))

    buffer = fetch()
    stream = ctypes.string_at(buffer.data, buffer.len)
    buffer.free()
    return {
        "whole call": whole,
        "client.users": lambda: client.users,
        "cloning the handle": lambda: library.uniffi_scalekit_fn_free_users(
            users._uniffi_clone_handle(), native._cannot_fail
        ),
        "lowering the arguments": lambda: lower(argument).free(),
        "native: request, response, record into a buffer": lambda: fetch().free(),
        f"copying and lifting the record ({len(stream)} bytes)": lambda: record.lift(
            native._to_library(stream)
        ),
    }


def main() -> None:
    from scalekit_rs import ScalekitClient
    from scalekit_rs._native import scalekit

    native: ModuleType = scalekit
    client = ScalekitClient.from_env()
    for work in ("one", "page"):
        for step, call in _steps(native, client, work).items():
            figures = json.loads(measure.blocking(call, float(sys.argv[1])))
            print(f"{work:<5} {step:<50} {figures['cpu']:>9.1f} CPU {figures['wall']:>9.1f} wall")


if __name__ == "__main__":
    main()
