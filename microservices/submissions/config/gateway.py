"""The ASGI gateway in front of Django: everything that waits for a client waits here.

One event loop receives bodies, delays reads until submissions are final, and sends responses as
fast as clients take them. Django's synchronous handler runs in a few threads, and only while there
is something to compute.
"""

import asyncio
import signal
from functools import partial

from django.conf import settings

from config.bodies import Bodies, Limits, Receive
from config.bridge import Scope, Send, Wsgi
from config.exchange import Capacity, Exchange
from config.routes import RESERVED, SHARES, Group
from config.threads import Threads
from submissions.long_poll import WaitingClients


class Gateway:
    """The ASGI application of a web process."""

    def __init__(self, wsgi: Wsgi) -> None:
        """Build the gateway in front of `wsgi`."""
        # Readiness, and the queries of waiting clients, work while all other threads are stuck.
        reserved = Threads(len(RESERVED), shares=RESERVED, stuck_seconds=2.5)
        self._capacity = Capacity(
            wsgi=wsgi,
            threads=Threads(settings.WEB_THREADS, shares=SHARES),
            reserved=reserved,
            uploads=Bodies(Limits()),
            small=Bodies(Limits(bodies=2048)),
            waiting=WaitingClients(
                in_thread=partial(reserved.run, group=Group.WAITING),
                places=settings.WAITING_MAX,
                places_per_account=settings.WAITING_MAX_PER_ACCOUNT,
            ),
            fetching=asyncio.Lock(),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request, or the lifespan of the process."""
        if scope["type"] == "http":
            await Exchange(self._capacity, scope, receive, send).serve()
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._end)
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})

    def _end(self) -> None:
        """Release waiting clients, then stop the server, which it also does at SIGINT."""
        self._capacity.waiting.close()
        signal.raise_signal(signal.SIGINT)
