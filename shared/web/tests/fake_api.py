"""The state of the fake API, and how a test configures it.

It keeps to the contract where the page uses it; `flow/` runs with a real target.
"""

import threading
import uuid
from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.places import FIXTURES

Json = dict[str, Any]
FINAL = {"succeeded", "failed"}
HELD_SECONDS = 30


@dataclass(frozen=True)
class Refusal:
    """A problem instead of a response. Status 0 processes the request and closes the connection."""

    status: int
    code: str = "unavailable"
    retry_after: int | None = None
    errors: dict[str, list[str]] | None = None


@dataclass
class Hold:
    """Holds responses back: they are made at once, and sent once `released`."""

    made: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def wait(self) -> None:
        """Wait until a response is held."""
        assert self.made.wait(HELD_SECONDS), "no such request was received"


@dataclass
class Stored:
    """One submission with its image and result."""

    view: Json
    image: bytes
    detections: list[Json]


def now() -> str:
    """Return the time in the contract's format."""
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


@dataclass
class FakeApi:
    """The state of the API, and its configured behaviour."""

    base_url: str = ""
    finishes: bool = True  # a submission succeeds at its first read
    image: bytes = (FIXTURES / "images" / "group.jpg").read_bytes()
    detections: list[Json] = field(default_factory=list)
    accounts: dict[str, str] = field(default_factory=dict)
    token: str = "token-1"
    expires_in: int = 900  # seconds
    stored: dict[str, Stored] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    refusals: dict[str, deque[Refusal]] = field(default_factory=lambda: defaultdict(deque))
    holds: dict[str, Hold] = field(default_factory=dict)
    slow_seconds: dict[str, float] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def refuse(self, call: str, *refusals: Refusal) -> None:
        """Refuse the next requests of an operation such as "POST /submissions", one by one."""
        self.refusals[call].extend(refusals)

    def hold(self, call: str) -> Hold:
        """Hold back the responses of an operation, also refusals."""
        self.holds[call] = Hold()
        return self.holds[call]

    def expire_tokens(self) -> None:
        """Refuse every token issued so far."""
        self.token = f"token-{uuid.uuid4()}"

    def calls(self, call: str) -> list[str | None]:
        """Return the Idempotency-Keys of all requests of an operation, oldest first."""
        return [key for method, path, key in self.requests if f"{method} {path}" == call]

    def add(self, kind: str = "upload", url: str | None = None, **view: object) -> str:
        """Add a submission and return its id."""
        submission_id = str(uuid.uuid4())
        image = {"kind": kind, "url": url, "media_type": "image/jpeg", "bytes": len(self.image)}
        self.stored[submission_id] = Stored(
            {
                "id": submission_id,
                "state": "pending",
                "image": image,
                "detection_count": None,
                "error": None,
                "created_at": now(),
                "started_at": None,
                "completed_at": None,
                **view,
            },
            self.image,
            self.detections,
        )
        return submission_id

    def move(self, submission_id: str, state: str, code: str | None = None) -> None:
        """Set the state of a submission, and wake requests that wait for it."""
        view = self.stored[submission_id].view
        view["state"] = state
        view["started_at"] = view["started_at"] or now()
        if state in FINAL:
            view["completed_at"] = now()
        if state == "succeeded":
            view["detection_count"] = len(self.stored[submission_id].detections)
        if state == "failed":
            view["error"] = {"code": code, "detail": "The fake's detail."}
        with self.changed:
            self.changed.notify_all()

    def only(self) -> str:
        """Return the id of the only submission."""
        (submission_id,) = self.stored
        return submission_id
