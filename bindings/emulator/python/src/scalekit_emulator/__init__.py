"""A local emulator of the Scalekit service.

`Emulator` runs the program in a process of its own, for tests with any test framework. For pytest, the fixtures of this
package do it: `scalekit_emulator`, `scalekit_client`, `async_scalekit_client`, `scalekit_login`, `scalekit_faults` and
`scalekit_outbox`.
"""

from ._control import EmulatorError, Json
from ._emulator import Emulator
from ._login import Tokens
from ._program import program

__all__ = ["Emulator", "EmulatorError", "Json", "Tokens", "program"]
