"""One request and its response."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError
from rest_framework.exceptions import NotAuthenticated

from accounts.authentication import IDENTITY_KEY, identity_of
from accounts.errors import Unauthenticated
from config.bodies import Bodies, Body, Receive, discard
from config.bridge import Environ, Response, Scope, Send, Wsgi, body_set, environ_of, respond
from config.headers import body_announced, client_of, content_type_plain, head_check, wait_wanted
from config.refusals import ImageTooLarge, Malformed
from config.responses import error_response, liveness_response, send_response
from config.routes import route_of, submission_of
from config.threads import Threads
from submissions.connections import connection_release
from submissions.errors import NotFound
from submissions.long_poll import WAIT_MAX_SECONDS, WaitingClients, settled_or_disconnected
from submissions.selectors import submission_is_open

# The largest body that is read although it isn't used, to keep the connection open.
_UNREAD_BYTES = 64 * 1024
# The second header is for the edge, which doesn't receive the first and closes the connection.
_CLOSING = [(b"connection", b"close"), (b"x-body-unread", b"1")]


class ClientDisconnected(Exception):
    """The client has closed the connection."""


class _TooMuchToSkip(Exception):
    """A body that isn't used is too large to be read."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """The threads and bodies that the requests of a process share."""

    wsgi: Wsgi
    threads: Threads
    reserved: Threads
    uploads: Bodies  # of accounts
    small: Bodies  # of clients without a token too
    waiting: WaitingClients


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
        """Send a response in any case, unless the client has disconnected."""
        request_id = self._environ.get("HTTP_X_REQUEST_ID", "")
        try:
            response = await self._response()
        except ClientDisconnected:
            return
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
        submission_id = submission_of(scope["method"], scope["path"])
        seconds = wait_wanted(scope, max_seconds=WAIT_MAX_SECONDS) if submission_id else 0
        if submission_id and seconds and not self._unread:
            if body is not None:  # it isn't used, and the client may wait for long
                body.release()
                body_set(environ, BytesIO(), 0)
            return await self._wait(submission_id, seconds)
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
        route, capacity, length = self._route, self._capacity, self._length
        bodies, owner, max_bytes = capacity.small, client_of(self._scope), route.body_bytes
        too_large: Exception = Malformed(f"The body has more than {max_bytes} bytes.")
        if self._environ.get("CONTENT_TYPE", "").startswith("multipart/") and route.upload_bytes:
            max_bytes, too_large = route.upload_bytes, ImageTooLarge(route.upload_detail)
        elif not max_bytes:
            max_bytes, too_large = _UNREAD_BYTES, _TooMuchToSkip()
        first, more = await bodies.first(self._receive)
        if more and len(first) != length and route.token_needed:
            bodies, owner = capacity.uploads, str(await self._authenticate())
        try:
            if length is not None and length > max_bytes:
                raise too_large
            body = await bodies.collect(
                self._receive,
                first,
                more=more and len(first) != length,
                owner=owner,
                max_bytes=max_bytes,
                too_large=too_large,
            )
        except _TooMuchToSkip:
            self._environ["CONTENT_LENGTH"] = "0"
            return None
        self._unread = False
        return body

    async def _authenticate(self) -> UUID:
        """Return the account that the token identifies, before the body is read.

        Takes no thread: the keys are in memory. Raises NotAuthenticated without a token,
        Unauthenticated for an invalid one.
        """
        authorization = self._environ.get("HTTP_AUTHORIZATION", "")
        verified = identity_of(authorization)
        if verified is None:
            raise NotAuthenticated
        self._environ[IDENTITY_KEY] = verified
        account_id: UUID = verified[0].id
        return account_id

    async def _wait(self, submission_id: str, seconds: int) -> Response:
        """Respond as soon as the submission is final, or when the time is up."""
        waiting = self._capacity.waiting
        with waiting.watch(submission_id) as settled:
            look = partial(_look, self._capacity.wsgi, self._environ, submission_id)
            looked: Response | None = await self._run(look, discard=_close)
            if looked is not None:
                return looked
            account = str(self._environ[IDENTITY_KEY][0].id)
            with waiting.place(account=account) as placed:
                if placed and not await settled_or_disconnected(
                    settled, self._disconnected, seconds=seconds
                ):
                    raise ClientDisconnected
        response = await self._respond()
        if not placed or waiting.closed:
            response.headers.append((b"retry-after", b"1"))
        return response

    async def _disconnected(self) -> None:
        """Return when the client has disconnected. Call after the body has been read."""
        while (await self._receive())["type"] == "http.request":
            pass


def _look(wsgi: Wsgi, environ: Environ, submission_id: str) -> Response | None:
    """Return the handler's response, or None to wait, if the submission isn't final.

    Puts the account's identity into `environ`. Call in a thread.
    """
    try:
        verified = identity_of(environ.get("HTTP_AUTHORIZATION", ""))
        if verified is not None:
            environ[IDENTITY_KEY] = verified
            account_id = verified[0].id
            if submission_is_open(account_id=account_id, submission_id=submission_id):
                return None
    except (Unauthenticated, NotFound, OperationalError, InterfaceError):
        pass  # the handler gets the same error, and turns it into a response
    finally:
        connection_release()
    return respond(wsgi, environ)


def _close(response: Response | None) -> None:
    if response is not None:
        response.close()
