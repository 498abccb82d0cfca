"""Send responses: those of Django, and those that the gateway makes itself."""

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any
from uuid import uuid4

from django.http import HttpResponse

from config.bridge import Response, Send, django_response
from config.problems import exception_handler, problem

logger = logging.getLogger(__name__)

# After so long without progress of the client, its connection is cut.
_READER_IDLE_SECONDS = 25.0
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

Run = Callable[[Callable[[], Any]], Awaitable[Any]]
Disconnected = Callable[[], Coroutine[Any, Any, None]]


def liveness_response(request_id: str) -> Response:
    """Return the response to /livez, without a check: a restart can't repair a backing service."""
    return _own(HttpResponse(b'{"status": "ok"}', content_type="application/json"), request_id)


def error_response(error: Exception, request_id: str) -> Response:
    """Return an exception as problem details; an unknown one is logged and becomes a 500."""
    response = exception_handler(error, {})
    if response is None:
        logger.error("the gateway failed", exc_info=error)
        response = problem(status=500, code="internal")
    return _own(response, request_id)


def _own(response: HttpResponse, request_id: str) -> Response:
    accepted = _REQUEST_ID.fullmatch(request_id)
    response["X-Request-Id"] = request_id if accepted else str(uuid4())
    response["X-Content-Type-Options"] = "nosniff"
    return django_response(response)


async def send_response(
    response: Response, send: Send, *, head: bool, run: Run, disconnected: Disconnected
) -> None:
    """Send a response. A stream is read in a thread, one chunk at a time, as the client takes it.

    If the stream fails or the client stops reading, the connection is cut.
    """
    await send(
        {"type": "http.response.start", "status": response.status, "headers": response.headers}
    )
    if response.stream is None:
        await send({"type": "http.response.body", "body": response.body})
        return
    try:
        if head:
            await send({"type": "http.response.body", "body": b""})
            return
        async with _watching(disconnected) as leaving:
            async for piece in _pieces(response, run):
                if leaving.done():
                    return
                async with asyncio.timeout(_READER_IDLE_SECONDS):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    except TimeoutError:
        logger.info("a client stopped reading")
    except Exception:  # the status is sent already: the connection is cut
        logger.exception("a response failed after its status was sent")
    finally:
        await run(response.close)


async def _pieces(response: Response, run: Run) -> AsyncIterator[bytes]:
    pieces = iter(response.stream)
    while (piece := await run(lambda: next(pieces, None))) is not None:
        yield piece


@contextlib.asynccontextmanager
async def _watching(disconnected: Disconnected) -> AsyncIterator["asyncio.Task[None]"]:
    leaving = asyncio.create_task(disconnected())
    try:
        yield leaving
    finally:
        leaving.cancel()
