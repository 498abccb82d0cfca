"""An account at a target, and the requests of the flow on one kept connection."""

import http.client
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

API = "/api/v1"
WAIT_SECONDS = 20  # the longest `wait` that the contract allows
TIMEOUT_SECONDS = 30.0
READY_SECONDS = 60.0
REDIRECTED = (HTTPStatus.FOUND, HTTPStatus.TEMPORARY_REDIRECT)


class ResponseError(Exception):
    """The response isn't the one that is expected."""


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a submission with its media type."""

    content: bytes
    media_type: str

    @classmethod
    def of_upload(cls, image: Path) -> Self:
        """Return the form that `POST /submissions` accepts, with a JPEG file."""
        boundary = secrets.token_hex(16)
        head = (
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="image"; filename="{image.name}"\r\n'
            "Content-Type: image/jpeg\r\n\r\n"
        )
        content = head.encode() + image.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
        return cls(content, f"multipart/form-data; boundary={boundary}")

    @classmethod
    def of_url(cls, url: str) -> Self:
        """Return the document that submits the URL of an image."""
        return cls(json.dumps({"image_url": url}).encode(), "application/json")


class Connection:
    """One kept connection to a base URL. It follows the redirects of what it reads."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url)
        self._http = http.client.HTTPConnection(
            parts.hostname or "127.0.0.1", parts.port or 80, timeout=TIMEOUT_SECONDS
        )

    def send(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        *,
        expected: int = HTTPStatus.OK,
    ) -> bytes:
        """Send a request; return the whole body. ResponseError for another status."""
        self._http.request(method, path, body=body, headers=dict(headers))
        response = self._http.getresponse()
        content = response.read()
        location = response.headers.get("Location", "")
        if response.status in REDIRECTED and expected == HTTPStatus.OK and location:
            return self._follow(location, headers)
        if response.status != expected:
            raise ResponseError(f"{method} {path} has status {response.status}, not {expected}")
        return content

    def _follow(self, location: str, headers: Mapping[str, str]) -> bytes:
        """Send the request of a redirect, as a browser does: the token stays within its origin."""
        parts = urlsplit(location)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        if parts.netloc:
            with Connection(location) as other:
                return other.send("GET", path, {}, expected=HTTPStatus.OK)
        return self.send("GET", path, headers)

    def close(self) -> None:
        """End the connection; the next request makes a new one."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


class Account:
    """A signed-in account and its submissions. Several threads may use it, each by a connection."""

    def __init__(self, base_url: str) -> None:
        """Sign up and sign in. Raises ResponseError."""
        credentials = {"email": f"{secrets.token_hex(8)}@example.org", "password": _password()}
        body = json.dumps(credentials).encode()
        headers = {"Content-Type": "application/json"}
        with Connection(base_url) as connection:
            connection.send("POST", f"{API}/accounts", headers, body, expected=HTTPStatus.CREATED)
            token = json.loads(connection.send("POST", f"{API}/tokens", headers, body))
        self._headers = {"Authorization": f"Bearer {token['access_token']}"}

    def submit(self, connection: Connection, body: Body) -> str:
        """Submit an image; return the submission's id."""
        headers = {**self._headers, "Content-Type": body.media_type}
        made = connection.send(
            "POST", f"{API}/submissions", headers, body.content, expected=HTTPStatus.ACCEPTED
        )
        return str(json.loads(made)["id"])

    def wait(self, connection: Connection, key: str) -> float:
        """Wait until a submission has succeeded; return its ms by the target's own times.

        Raises ResponseError if it fails or takes too long.
        """
        ends = time.monotonic() + READY_SECONDS
        path = f"{API}/submissions/{key}?wait={WAIT_SECONDS}"
        while time.monotonic() < ends:
            found = json.loads(connection.send("GET", path, self._headers))
            if found["state"] == "succeeded":
                return ready_ms(found)
            if found["state"] == "failed":
                raise ResponseError(f"submission {key} failed: {found['error']}")
        raise ResponseError(f"submission {key} wasn't ready within {READY_SECONDS:.0f} s")

    def read(self, connection: Connection, key: str, what: str = "") -> bytes:
        """Read a submission; with `what`, its "result" or its "image"."""
        path = f"{API}/submissions/{key}" + (f"/{what}" if what else "")
        return connection.send("GET", path, self._headers)


def ready_ms(submission: Mapping[str, Any]) -> float:
    """Return the ms from a submission's creation to its end, by the times in its document."""
    created, completed = (
        datetime.fromisoformat(submission[name]) for name in ("created_at", "completed_at")
    )
    return (completed - created).total_seconds() * 1000


def _password() -> str:
    return secrets.token_urlsafe(18)
