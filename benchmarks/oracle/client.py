"""A client of one account that records every request in a history."""

import hashlib
import time
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx

from benchmarks.oracle.history import Event, History, Operation
from benchmarks.repository import REPOSITORY
from benchmarks.targets.measure.inventory import FINAL_STATES

PHOTOGRAPH = REPOSITORY / "shared" / "fixtures" / "images" / "portrait.jpg"
PASSWORD = "a long enough pass phrase"  # noqa: S105 - of accounts that live as long as a test
TIMEOUT_SECONDS = 30.0
_API = "/api/v1"


@dataclass(frozen=True)
class Exchange:
    """One request as it was recorded, and the response (None: the connection broke)."""

    event: Event
    response: httpx.Response | None

    @property
    def status(self) -> int | None:
        """Return the response's status; None if the connection broke."""
        return self.event.status

    @property
    def seconds(self) -> float:
        """Return the seconds that the client waited, from when the request was due."""
        return self.event.seconds


class RecordingClient:
    """A client that signs up and in when created, for use from any thread."""

    def __init__(
        self,
        base_url: str,
        history: History,
        *,
        timeout_seconds: float = TIMEOUT_SECONDS,
        image: bytes | None = None,
        sign_up: bool = True,
    ) -> None:
        self.base_url = base_url
        self.history = history
        self.email = f"oracle-{uuid.uuid4().hex}@example.com"
        self.account_id = ""
        self._image = PHOTOGRAPH.read_bytes() if image is None else image
        self._headers: dict[str, str] = {}
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=64)
        self._client = httpx.Client(
            base_url=base_url, timeout=timeout_seconds, trust_env=False, limits=limits
        )
        if sign_up:
            self.sign_up()
            self.sign_in().raise_for_status()

    def sign_up(self) -> None:
        """Create the account. httpx.HTTPError if that fails."""
        response = self._send("sign-up", "POST", "/accounts", json=self._credentials()).response
        if response is None:
            message = "no response to the sign-up"
            raise httpx.TransportError(message)
        self.account_id = str(response.raise_for_status().json()["id"])

    def sign_in(self, *, due: float | None = None) -> httpx.Response:
        """Obtain a token, which all further requests carry. Return the response, 503 if none."""
        body = self._credentials()
        response = self._send("sign-in", "POST", "/tokens", json=body, due=due).response
        if response is None:
            request = httpx.Request("POST", f"{self.base_url}{_API}/tokens")
            return httpx.Response(HTTPStatus.SERVICE_UNAVAILABLE, request=request)
        if response.status_code == HTTPStatus.OK:
            self._headers = {"Authorization": f"Bearer {response.json()['access_token']}"}
        return response

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers with the token."""
        return dict(self._headers)

    def submit(
        self, key: str | None = None, *, image_url: str | None = None, due: float | None = None
    ) -> Exchange:
        """Submit the image, or an image's URL, with an idempotency key if one is given."""
        sent: dict[str, Any] = {"files": {"image": ("portrait.jpg", self._image, "image/jpeg")}}
        if image_url is not None:
            sent = {"json": {"image_url": image_url}}
        return self._send("submit", "POST", "/submissions", key=key, due=due, **sent)

    def submit_accepted(self, count: int = 1) -> list[str]:
        """Submit `count` images and return the ids; AssertionError if one isn't accepted."""
        ids = []
        for _ in range(count):
            exchange = self.submit(uuid.uuid4().hex)
            assert exchange.event.accepted, (exchange.status, exchange.event.code)  # noqa: S101
            ids.append(str(exchange.event.submission_id))
        return ids

    def read(self, submission_id: str, *, due: float | None = None) -> Exchange:
        """GET a submission and return the exchange."""
        path = f"/submissions/{submission_id}"
        return self._send("read", "GET", path, submission_id=submission_id, due=due)

    def wait(self, submission_id: str, seconds: int) -> Exchange:
        """GET a submission with `wait` of so many seconds."""
        path = f"/submissions/{submission_id}?wait={seconds}"
        return self._send("wait", "GET", path, submission_id=submission_id)

    def result(self, submission_id: str) -> Exchange:
        """GET a submission's result document."""
        path = f"/submissions/{submission_id}/result"
        return self._send("result", "GET", path, submission_id=submission_id)

    def image(self, submission_id: str) -> Exchange:
        """GET a submission's stored image."""
        path = f"/submissions/{submission_id}/image"
        return self._send("image", "GET", path, submission_id=submission_id)

    def delete(self, submission_id: str) -> Exchange:
        """DELETE a submission and return the exchange."""
        path = f"/submissions/{submission_id}"
        return self._send("delete", "DELETE", path, submission_id=submission_id)

    def list(self, *, limit: int = 20, due: float | None = None) -> Exchange:
        """GET the account's newest submissions."""
        return self._send("list", "GET", f"/submissions?limit={limit}", due=due)

    def account(self, *, due: float | None = None) -> Exchange:
        """GET the client's account."""
        return self._send("account", "GET", "/account", due=due)

    def page(self, *, due: float | None = None) -> Exchange:
        """GET the web page from the edge."""
        return self._send("page", "GET", "/", prefix="", due=due)

    def ready(self) -> bool:
        """GET /readyz and return whether its status is 200."""
        return self._send("ready", "GET", "/readyz", prefix="").status == HTTPStatus.OK

    def state(self, submission_id: str) -> str:
        """Read a submission and return its state, "unknown" if the response has none."""
        return self.read(submission_id).event.state or "unknown"

    def wait_for_state(self, ids: Collection[str], state: str, *, timeout_seconds: float) -> str:
        """Wait until one of `ids` is in this state and return its id; else TimeoutError."""
        deadline = time.monotonic() + timeout_seconds
        while time.monotonic() < deadline:
            for submission_id in ids:
                if self.state(submission_id) == state:
                    return submission_id
                time.sleep(0.02)
        message = f"none became {state} within {timeout_seconds:g} s"
        raise TimeoutError(message)

    def drain(self, *, timeout_seconds: float) -> float:
        """Wait until all accepted submissions of this account are final; return the seconds.

        TimeoutError if one isn't final in time.
        """
        started = time.monotonic()
        accepted = self.history.accepted
        gone = self.history.deleted
        waiting = [
            key for key, owner in accepted.items() if owner == self.account_id and key not in gone
        ]
        while True:
            waiting = [key for key in waiting if self.state(key) not in FINAL_STATES]
            if not waiting:
                return time.monotonic() - started
            if time.monotonic() - started > timeout_seconds:
                message = f"{len(waiting)} of {len(accepted)} not final after {timeout_seconds:g} s"
                raise TimeoutError(message)
            time.sleep(0.2)

    def close(self) -> None:
        """Close the client's connections to the target."""
        self._client.close()

    def _credentials(self) -> dict[str, str]:
        return {"email": self.email, "password": PASSWORD}

    def _send(
        self,
        operation: Operation,
        method: str,
        path: str,
        *,
        prefix: str = _API,
        key: str | None = None,
        submission_id: str | None = None,
        due: float | None = None,
        **sent: Any,
    ) -> Exchange:
        headers = dict(self._headers)
        if key is not None:
            headers["Idempotency-Key"] = key
        started = self.history.now()
        try:
            response = self._client.request(method, f"{prefix}{path}", headers=headers, **sent)
        except httpx.TransportError:
            response = None
        shown = {} if response is None else _shown(operation, response)
        event = Event(
            operation=operation,
            started=started,
            ended=self.history.now(),
            account=shown.pop("account", self.account_id) or None,
            key=key,
            submission_id=shown.pop("submission_id", submission_id),
            due=due,
            **shown,
        )
        self.history.record(event)
        return Exchange(event, response)


def _shown(operation: Operation, response: httpx.Response) -> dict[str, Any]:
    """Return the facts in a response as fields of an event."""
    found: dict[str, Any] = {"status": response.status_code}
    body = _body(response)
    if response.is_error:
        code = body.get("code")
        return found | ({"code": code} if isinstance(code, str) else {})
    if operation == "sign-up":
        found["account"] = body.get("id")
    elif operation == "submit":
        found |= {"submission_id": body.get("id"), "state": body.get("state")}
    elif operation in {"read", "wait"}:
        found["state"] = body.get("state")
    elif operation == "list":
        found["listed"] = {row["id"]: row["state"] for row in body.get("items", ())}
    elif operation in {"result", "image"} and response.status_code == HTTPStatus.OK:
        found["digest"] = hashlib.sha256(response.content).hexdigest()
    return found


def _body(response: httpx.Response) -> Mapping[str, Any]:
    """Return the JSON object of a response; empty if the body isn't one."""
    if "json" not in response.headers.get("content-type", ""):
        return {}
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
