"""A client that begins a trace for each submission, and measures spans of its own."""

import secrets
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx

from benchmarks.tracing.errors import CallError
from benchmarks.tracing.spans import Span

API = "/api/v1"
PROCESS = "client"
ROOT = "submission"
TIMEOUT_SECONDS = 60.0
WAIT_SECONDS = 20  # the longest `wait` that the contract allows
_PASSWORD = "a long enough pass phrase"  # noqa: S105 - of an account that lives as long as a run


@dataclass(slots=True)
class Trace:
    """A trace that this client began, and the spans that it measured itself."""

    trace_id: str = field(default_factory=lambda: secrets.token_hex(16))
    spans: list[Span] = field(default_factory=list)

    @contextmanager
    def span(self, name: str, parent_id: str) -> Iterator[str]:
        """Measure the block, and yield the span's id."""
        span_id, begin_ns = secrets.token_hex(8), time.time_ns()
        yield span_id
        end_ns = time.time_ns()
        self.spans.append(Span(self.trace_id, span_id, parent_id, PROCESS, name, begin_ns, end_ns))


class Client:
    """Sends requests over one connection.

    Every method raises CallError for a response that it doesn't expect, or for none.
    """

    def __init__(self, base_url: str, image: Path) -> None:
        self._image = (image.name, image.read_bytes(), "image/jpeg")
        self._http = httpx.Client(base_url=base_url, timeout=TIMEOUT_SECONDS, trust_env=False)

    def sign_up(self) -> None:
        """Create an account, and obtain its token."""
        email = f"trace-{uuid.uuid4().hex}@example.com"
        credentials = {"email": email, "password": _PASSWORD}
        self._send("POST", "/accounts", 201, json=credentials)
        token = self._send("POST", "/tokens", 200, json=credentials).json()["access_token"]
        self._http.headers["Authorization"] = f"Bearer {token}"

    def submit(self) -> Trace:
        """Submit the image, wait until it has succeeded, and read the result, in one trace."""
        trace = Trace()
        with trace.span(ROOT, "") as root:
            files = {"image": self._image}
            made = self._traced(trace, root, "POST", "/submissions", 202, files=files)
            path = f"/submissions/{made.json()['id']}"
            wait = f"{path}?wait={WAIT_SECONDS}"
            state = self._traced(trace, root, "GET", wait, 200).json()["state"]
            if state != "succeeded":
                raise CallError(f"{path} is {state}, and should have succeeded.")
            self._traced(trace, root, "GET", f"{path}/result", 200)
        return trace

    def account(self) -> Trace:
        """Read the account, in a trace of its own."""
        trace = Trace()
        self._traced(trace, "", "GET", "/account", 200)
        return trace

    def _traced(
        self, trace: Trace, parent_id: str, method: str, path: str, status: int, **content: Any
    ) -> httpx.Response:
        name = path.partition("?")[0].split("/")[-1 if path.endswith("/result") else 1]
        with trace.span(f"{method} {name}", parent_id) as span_id:
            headers = {"traceparent": f"00-{trace.trace_id}-{span_id}-01"}
            return self._send(method, path, status, headers=headers, **content)

    def _send(self, method: str, path: str, status: int, **content: Any) -> httpx.Response:
        try:
            response = self._http.request(method, f"{API}{path}", **content)
        except httpx.HTTPError as error:
            raise CallError(f"{method} {path} got no response: {error!r}.") from error
        if response.status_code != status:
            raise CallError(
                f"{method} {path} returned {response.status_code}, {status} was expected: "
                f"{response.text[:200]}"
            )
        return response

    def __enter__(self) -> Self:
        """Return the client; leaving the block closes it."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """Close the connection."""
        self._http.close()
