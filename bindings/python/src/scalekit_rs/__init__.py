"""Scalekit for Python: organizations, single sign-on, and what else a B2B application needs to let people in.

    from scalekit_rs import CreateOrganization, ScalekitClient

    with ScalekitClient.from_env() as client:
        acme = client.organizations.create(CreateOrganization(display_name="Acme"))

`ScalekitClient` is for threads, `AsyncScalekitClient` for asyncio; both have the same methods. All
that fails is a `ScalekitError`.
"""

import gc as _gc
import sys as _sys

# Hundreds of classes are made here, none of them garbage: looking for some is a tenth of what it takes.
_collects = _gc.isenabled()
_gc.disable()
try:
    # The public names are those that the build wrote into `__all__`: nothing here is kept by hand.
    from ._native.scalekit import *  # noqa: F403
    from ._native.scalekit import __all__ as __all__
    from ._native.scalekit import identify_caller as _identify_caller
finally:
    if _collects:
        _gc.enable()

# What the `user-agent` says of the caller.
_identify_caller("python", ".".join(map(str, _sys.version_info[:3])))
