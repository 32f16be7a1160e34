"""Python client for Scalekit: organizations, single sign-on, users and roles for B2B applications.

    from scalekit_rs import CreateOrganization, ScalekitClient

    with ScalekitClient.from_env() as client:
        acme = client.organizations.create(CreateOrganization(display_name="Acme"))

`ScalekitClient` is blocking, `AsyncScalekitClient` is for asyncio; both have the same methods. Every
failure is a `ScalekitError`.
"""

import gc as _gc
import sys as _sys

# The import creates hundreds of classes, none of them garbage; collections would add a tenth to its time.
_gc_was_enabled = _gc.isenabled()
_gc.disable()
try:
    # The build generates `__all__`; no names are maintained by hand.
    from ._native.scalekit import *  # noqa: F403
    from ._native.scalekit import __all__ as __all__
    from ._native.scalekit import identify_caller as _identify_caller
finally:
    if _gc_was_enabled:
        _gc.enable()

# For the `user-agent` header.
_identify_caller("python", ".".join(map(str, _sys.version_info[:3])))
