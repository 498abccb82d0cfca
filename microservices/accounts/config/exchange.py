"""One request and its response."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from config.bodies import Bodies, Body, Receive, discard
from config.bridge import Response, Scope, Send, Wsgi, body_set, environ_of, respond
from config.headers import body_announced, client_of, content_type_plain, head_check
from config.refusals import Malformed
from config.responses import error_response, liveness_response, send_response
from config.routes import route_of
from config.threads import Threads

# The largest body that is read although it isn't used, to keep the connection open.
_UNREAD_BYTES = 64 * 1024
# The second header is for the edge, which doesn't receive the first and closes the connection.
_CLOSING = [(b"connection", b"close"), (b"x-body-unread", b"1")]


class _TooMuchToSkip(Exception):
    """A body that isn't used is too large to be read."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """The threads and bodies that the requests of a process share."""

    wsgi: Wsgi
    threads: Threads
    reserved: Threads
    bodies: Bodies


class Exchange:
    """Receives one request, has it processed, and sends the response."""

    def __init__(self, capacity: Capacity, scope: Scope, receive: Receive, send: Send) -> None:
        """Keep the ASGI scope and channels of a request."""
        self._capacity = capacity
        self._scope, self._receive, self._send = scope, receive, send
        self._route = route_of(scope["method"], scope["path"])
        self._environ = environ_of(scope)
        self._length = body_announced(scope)
        self._unread = self._length != 0

    async def serve(self) -> None:
        """Send a response in any case."""
        request_id = self._environ.get("HTTP_X_REQUEST_ID", "")
        try:
            response = await self._response()
        except Exception as error:  # noqa: BLE001 - becomes a problem; logged if unknown
            response = error_response(error, request_id)
        if self._unread:
            response.headers += _CLOSING
        head = self._scope["method"] == "HEAD"
        await send_response(
            response, self._send, head=head, run=self._run, disconnected=self._disconnected
        )
        if self._unread:
            await discard(self._receive)

    async def _response(self) -> Response:
        scope, environ, route = self._scope, self._environ, self._route
        if scope["path"] == "/livez" and scope["method"] in {"GET", "HEAD"}:
            return liveness_response(environ.get("HTTP_X_REQUEST_ID", ""))
        head_check(scope)
        if "CONTENT_TYPE" in environ:
            matters = self._unread and route.body_bytes > 0
            environ["CONTENT_TYPE"] = content_type_plain(environ["CONTENT_TYPE"], matters=matters)
        body = await self._body() if self._unread else None
        if body is not None:
            body_set(environ, body.file, body.size_bytes)
        return await self._respond(after=body.release if body else None)

    async def _respond(self, after: Callable[[], None] | None = None) -> Response:
        call = partial(respond, self._capacity.wsgi, self._environ)
        response: Response = await self._run(call, discard=Response.close, after=after)
        return response

    async def _run(self, call: Callable[[], Any], **options: Any) -> Any:
        reserved = self._route.group in self._capacity.reserved.groups
        threads = self._capacity.reserved if reserved else self._capacity.threads
        return await threads.run(call, group=self._route.group, **options)

    async def _body(self) -> Body | None:
        """Return the whole body, or None where it isn't read."""
        bodies, length, max_bytes = self._capacity.bodies, self._length, self._route.body_bytes
        too_large: Exception = Malformed(f"The body has more than {max_bytes} bytes.")
        if not max_bytes:
            max_bytes, too_large = _UNREAD_BYTES, _TooMuchToSkip()
        first, more = await bodies.first(self._receive)
        try:
            if length is not None and length > max_bytes:
                raise too_large
            body = await bodies.collect(
                self._receive,
                first,
                more=more and len(first) != length,
                owner=client_of(self._scope),
                max_bytes=max_bytes,
                too_large=too_large,
            )
        except _TooMuchToSkip:
            self._environ["CONTENT_LENGTH"] = "0"
            return None
        self._unread = False
        return body

    async def _disconnected(self) -> None:
        """Return when the client has disconnected. Call after the body has been read."""
        while (await self._receive())["type"] == "http.request":
            pass
