"""What the fake API remembers, and how a test tells it to behave.

It keeps to the contract where the page looks; the real thing is what `flow/` runs against.
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


@dataclass(frozen=True)
class Refusal:
    """A problem in place of an answer. Status 0 does what was asked, but the answer breaks off."""

    status: int
    code: str = "unavailable"
    retry_after: int | None = None
    errors: dict[str, list[str]] | None = None


@dataclass
class Stored:
    """One submission and what belongs to it."""

    view: Json
    image: bytes
    detections: list[Json]


def now() -> str:
    """The time as the contract writes it."""
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


@dataclass
class FakeApi:
    """What the API remembers, and how it is told to behave."""

    base_url: str = ""
    finishes: bool = True  # a submission succeeds as soon as it is asked for
    image: bytes = (FIXTURES / "images" / "group.jpg").read_bytes()
    detections: list[Json] = field(default_factory=list)
    accounts: dict[str, str] = field(default_factory=dict)
    token: str = "token-1"
    expires_in: int = 900  # seconds
    stored: dict[str, Stored] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[str, str, str | None]] = field(default_factory=list)
    refusals: dict[str, deque[Refusal]] = field(default_factory=lambda: defaultdict(deque))
    slow_seconds: dict[str, float] = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def refuse(self, call: str, *refusals: Refusal) -> None:
        """The next calls, such as "POST /submissions", are refused one after the other."""
        self.refusals[call].extend(refusals)

    def expire_tokens(self) -> None:
        """Every token that was given is refused from now on."""
        self.token = f"token-{uuid.uuid4()}"

    def calls(self, call: str) -> list[str | None]:
        """The Idempotency-Keys of all requests of one call, oldest first."""
        return [key for method, path, key in self.requests if f"{method} {path}" == call]

    def add(self, kind: str = "upload", url: str | None = None, **view: object) -> str:
        """A new submission; its id."""
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
        """Bring a submission into a state, and wakes who waits for it."""
        view = self.stored[submission_id].view
        view["state"] = state
        view["started_at"] = view["started_at"] or now()
        if state in FINAL:
            view["completed_at"] = now()
        if state == "succeeded":
            view["detection_count"] = len(self.stored[submission_id].detections)
        if state == "failed":
            view["error"] = {"code": code, "detail": "So says the fake."}
        with self.changed:
            self.changed.notify_all()

    def only(self) -> str:
        """The id of the one submission there is."""
        (submission_id,) = self.stored
        return submission_id
