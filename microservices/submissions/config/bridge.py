"""Call Django's WSGI handler with an ASGI request, and convert its response."""

import logging
import sys
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from django.http.response import HttpResponseBase

from config.problems import problem

logger = logging.getLogger(__name__)

Environ = dict[str, Any]
Scope = dict[str, Any]
Headers = list[tuple[bytes, bytes]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]

_UNPREFIXED = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}


@dataclass(slots=True)
class Response:
    """A response of the handler: whole in `body`, or a `stream` of chunks."""

    status: int
    headers: Headers
    body: bytes = b""
    stream: Any = None

    def close(self) -> None:
        """Close the stream, whether it was read or not."""
        if self.stream is not None:
            self.stream.close()


def environ_of(scope: Scope) -> Environ:
    """Return the WSGI environment of a request without a body.

    Header names with an underscore are dropped: in the environment they can't be distinguished from
    those with a hyphen, which the edge sets.
    """
    raw_path: bytes = scope["raw_path"]
    path = unquote_to_bytes(raw_path) if b"%" in raw_path else raw_path
    client, server = scope.get("client") or ("", 0), scope.get("server") or ("", 0)
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path.decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "REMOTE_ADDR": client[0],
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        if b"_" in name:
            continue
        key = _UNPREFIXED.get(name) or f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ


def body_set(environ: Environ, file: IO[bytes], size_bytes: int) -> None:
    """Set the request's body and its length, whatever its framing was."""
    environ["wsgi.input"] = file
    environ["CONTENT_LENGTH"] = str(size_bytes)
    environ.pop("HTTP_TRANSFER_ENCODING", None)


def respond(wsgi: Wsgi, environ: Environ) -> Response:
    """Return the handler's response. To be called in a thread.

    An exception that escapes the handler is logged, and becomes a problem with status 500.
    """
    started: list[tuple[int, Headers]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:  # noqa: ARG001 - WSGI's signature
        started.append((int(status[:3]), _encoded(headers)))

    try:
        result: Any = wsgi(environ, start_response)
        status, headers = started[0]
        if getattr(result, "streaming", False):
            return Response(status, headers, stream=result)
        try:
            body = b"".join(result)
        finally:
            result.close()
    except Exception:  # any error becomes a response in the API's format
        logger.exception("the handler failed at %s", environ["PATH_INFO"])
        return django_response(problem(status=500, code="internal"))
    return Response(status, headers, body)


def django_response(response: HttpResponseBase) -> Response:
    """Convert a Django response that was made outside the handler."""
    content: bytes = getattr(response, "content", b"")
    return Response(response.status_code, _encoded(list(response.items())), content)


def _encoded(headers: list[tuple[str, str]]) -> Headers:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
