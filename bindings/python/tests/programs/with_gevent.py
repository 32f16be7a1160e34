"""Makes calls in greenlets, one of which counts how often it runs meanwhile."""

from __future__ import annotations

from gevent import monkey  # type: ignore[import-untyped, import-not-found, unused-ignore]

monkey.patch_all()

import gevent  # noqa: E402
from gevent.event import Event  # type: ignore[import-untyped, import-not-found, unused-ignore]  # noqa: E402
from scalekit_rs import ScalekitClient, ScalekitError  # noqa: E402
from scalekit_rs.gevent import wrap  # noqa: E402

client = wrap(ScalekitClient())
client.jwks()
turns, done = 0, Event()


def count() -> None:
    global turns
    while not done.wait(0.01):
        turns += 1


counter = gevent.spawn(count)
callers = [gevent.spawn(client.organizations.list) for _ in range(5)]
gevent.joinall(callers, raise_error=True)
print("organizations:", *(len(caller.value) for caller in callers))
print("other greenlets ran:", turns > 5)
print("all:", len(list(client.organizations.list_all())))
print("pages:", len(list(client.organizations.list(page_size=10).auto_paging_iter())))
try:
    client.organizations.get("org_0")
except ScalekitError.NotFound as error:
    print("error:", error.status)
# A client that is not wrapped blocks all greenlets, but works in each of them.
plain = ScalekitClient()
plain.jwks()
caller = gevent.spawn(plain.organizations.list)
caller.join()
print("plain:", len(caller.get()))
with client as opened:
    assert opened is client
try:
    client.organizations.list()
except ScalekitError.Closed:
    print("closed")
