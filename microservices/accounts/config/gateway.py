"""The ASGI gateway in front of Django: everything that waits for a client waits here.

One event loop receives bodies and sends responses as fast as clients take them. Django's
synchronous handler runs in a few threads, and only while there is something to compute.
"""

from django.conf import settings

from config.bodies import Bodies, Limits, Receive
from config.bridge import Scope, Send, Wsgi
from config.exchange import Capacity, Exchange
from config.routes import RESERVED, SHARES
from config.threads import Threads


class Gateway:
    """The ASGI application of a web process."""

    def __init__(self, wsgi: Wsgi) -> None:
        """Build the gateway in front of `wsgi`."""
        self._capacity = Capacity(
            wsgi=wsgi,
            threads=Threads(settings.WEB_THREADS, shares=SHARES),
            # Readiness works while all other threads are stuck.
            reserved=Threads(len(RESERVED), shares=RESERVED, stuck_seconds=2.5),
            bodies=Bodies(Limits(bodies=2048)),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request, or the lifespan of the process."""
        if scope["type"] == "http":
            await Exchange(self._capacity, scope, receive, send).serve()
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})
