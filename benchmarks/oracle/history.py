"""The record of requests and responses, kept in memory and as JSON lines.

The first line of the file holds the seed, the wall-clock time of the start and the facts about the
run; each further line is one event. Times of events are seconds since the start, of the monotonic
clock, so that no change of the machine's clock reorders them.
"""

import dataclasses
import json
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any, Literal

Operation = Literal[
    "sign-up",
    "sign-in",
    "account",
    "submit",
    "read",
    "wait",
    "list",
    "result",
    "image",
    "delete",
    "page",
    "ready",
]
FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Event:
    """One request and its outcome.

    `started` and `ended` are seconds since the history's start; `due` is when an open load meant
    the request to start. `account` is the id of the account that sent it, `submission_id` its
    subject (after a 202: the accepted one). `status` is None if no response arrived. The facts in a
    response are in `state` (of a submission), `listed` (id to state, of a list) and `digest`
    (SHA-256 of a result or an image).
    """

    operation: Operation
    started: float
    ended: float
    account: str | None = None
    key: str | None = None
    submission_id: str | None = None
    status: int | None = None
    code: str | None = None
    state: str | None = None
    digest: str | None = None
    listed: Mapping[str, str] = field(default_factory=dict)
    due: float | None = None

    @property
    def seconds(self) -> float:
        """Return the seconds that the client waited, from when the request was due."""
        return self.ended - (self.started if self.due is None else self.due)

    @property
    def accepted(self) -> bool:
        """Return whether this is a submission that the target accepted."""
        return self.operation == "submit" and self.status == HTTPStatus.ACCEPTED

    @property
    def uncertain(self) -> bool:
        """Return whether the request may or may not have had its effect."""
        return self.status is None or self.status >= HTTPStatus.INTERNAL_SERVER_ERROR


class History:
    """Records events from any number of threads; writes each to `path`, if one is given."""

    def __init__(
        self,
        path: Path | None = None,
        *,
        seed: int | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        self.path = path
        self.seed = seed
        self.facts = dict(facts or {})
        self._began = time.monotonic()
        self._events: list[Event] = []
        self._lock = threading.Lock()
        self._file: IO[str] | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("w", encoding="utf-8")
            head = {
                "history": FORMAT_VERSION,
                "seed": seed,
                "started_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "facts": self.facts,
            }
            self._file.write(json.dumps(head) + "\n")

    def now(self) -> float:
        """Return the seconds since the start."""
        return time.monotonic() - self._began

    def record(self, event: Event) -> None:
        """Append an event and write it to the file, if there is one."""
        with self._lock:
            self._events.append(event)
            if self._file is not None:
                self._file.write(json.dumps(_document(event)) + "\n")
                self._file.flush()

    @property
    def events(self) -> tuple[Event, ...]:
        """Return all events so far, in the order in which they ended."""
        with self._lock:
            return tuple(self._events)

    def __iter__(self) -> Iterator[Event]:
        """Iterate over the events so far."""
        return iter(self.events)

    @property
    def accepted(self) -> dict[str, str]:
        """Return, by id of each accepted submission, the account that sent it."""
        return {
            event.submission_id: event.account
            for event in self.events
            if event.accepted and event.submission_id is not None and event.account is not None
        }

    @property
    def deleted(self) -> frozenset[str]:
        """Return the ids of the submissions whose deletion was confirmed."""
        return frozenset(
            event.submission_id
            for event in self.events
            if event.operation == "delete"
            and event.status == HTTPStatus.NO_CONTENT
            and event.submission_id is not None
        )

    def close(self) -> None:
        """Close the file; the events stay readable."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    @classmethod
    def read(cls, path: Path) -> "History":
        """Return the history of a file. ValueError if the file isn't one."""
        with path.open(encoding="utf-8") as lines:
            head = json.loads(next(lines, "null"))
            if not isinstance(head, dict) or head.get("history") != FORMAT_VERSION:
                message = f"{path} is no history of version {FORMAT_VERSION}"
                raise ValueError(message)
            history = cls(seed=head["seed"], facts=head["facts"])
            for line in lines:
                history.record(Event(**json.loads(line)))
        history.path = path
        return history


def _document(event: Event) -> dict[str, Any]:
    """Return the fields of an event that aren't at their default."""
    found: dict[str, Any] = {}
    for declared in dataclasses.fields(event):
        value = getattr(event, declared.name)
        if value is not None and value != {}:
            found[declared.name] = value
    return found
