"""`steps.py SECONDS`: the time of our blocking calls, step by step.

It uses internals of the package's `_runtime` and must be updated when those change.
`cargo xtask bench steps` runs it.
"""

import ctypes
import json
import sys
from typing import Any

import measure
from environment import PAGE_SIZE

Steps = dict[str, measure.Call]


def _steps(client: Any, work: str) -> Steps:
    from scalekit_rs import ListUsers
    from scalekit_rs import users as area
    from scalekit_rs._runtime import buffers, pauses

    users, one = client.users, work == "one"
    function: Any = area._users_get if one else area._users_list
    argument: Any = "usr_1" if one else ListUsers(page_size=PAGE_SIZE)

    def whole() -> Any:
        return users.get("usr_1") if one else users.list(argument)

    def read_fields() -> None:
        for user in [result] if one else result:
            profile = user.user_profile
            _ = (user.id, user.email, profile.name if profile else None)

    result = whole()
    native, arguments = function._native, function._encode((argument,))

    def fetch() -> Any:
        """The native call alone: request, response, record written into a buffer."""
        buffer, error = pauses.run(
            lambda status: native(*function._pass(users, arguments), ctypes.byref(status))
        )
        if error is not None:
            raise error
        return buffer

    buffer = fetch()
    data = ctypes.string_at(buffer.data, buffer.len)
    buffers.free(buffer, buffers.cannot_fail)
    return {
        "whole call": whole,
        "client.users": lambda: client.users,
        "adding and releasing a reference": lambda: type(users)._release(users._clone(), buffers.cannot_fail),
        "checking and serializing the argument": lambda: function._encode((argument,)),
        "native: request, response, record into a buffer": lambda: buffers.free(fetch(), buffers.cannot_fail),
        f"from the buffer to rows ({len(data)} bytes)": lambda: function._lift(buffers.to_library(data)),
        "reading three fields of each user": read_fields,
    }


def main() -> None:
    from scalekit_rs import ScalekitClient

    client = ScalekitClient()
    for work in ("one", "page"):
        for step, call in _steps(client, work).items():
            figures = json.loads(measure.blocking(call, float(sys.argv[1])))
            print(f"{work:<5} {step:<50} {figures['cpu']:>9.1f} CPU {figures['wall']:>9.1f} wall")


if __name__ == "__main__":
    main()
