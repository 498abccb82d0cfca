"""Connections that visit again and again, each in a thread of its own."""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from benchmarks.experiments.edge.client import Connection, ResponseError
from benchmarks.experiments.edge.visitor import Visitor

JOIN_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: on which connection, when it began (monotonic clock), how long it took."""

    connection: int
    began: float
    seconds: float


class Visitors:
    """So many connections that visit until the `with` block is left."""

    def __init__(self, visitor: Visitor, kind: str, base_url: str, connections: int) -> None:
        self._visitor = visitor
        self._kind = kind
        self._base_url = base_url
        self._visits: list[Visit] = []
        self._requests = 0
        self._wire_bytes: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._failure: Exception | None = None
        self._threads = [
            threading.Thread(target=self._run, args=(number,), name=f"visitor-{number}")
            for number in range(1, connections + 1)
        ]

    @property
    def count(self) -> int:
        """How many visits have ended."""
        return len(self._visits)

    @property
    def visits(self) -> Sequence[Visit]:
        """All visits that have ended, in the order of ending."""
        return self._visits

    def means(self) -> dict[str, Any]:
        """Return the requests of a visit, and its bytes on the connection by kind of file."""
        with self._lock:
            count = max(1, len(self._visits))
            sums = {kind: total / count for kind, total in sorted(self._wire_bytes.items())}
            return {"requests_per_visit": self._requests / count, "wire_bytes_per_visit": sums}

    def check(self) -> None:
        """Raise the error that a visit failed with, if one did."""
        if self._failure is not None:
            raise self._failure

    def _run(self, number: int) -> None:
        try:
            with Connection(self._base_url) as connection:
                is_over = False
                while not is_over:  # one visit at least, however short the step
                    began = time.monotonic()
                    measured = self._visitor.visit(self._kind, connection)
                    ended = time.monotonic()
                    with self._lock:
                        self._visits.append(Visit(number, began, ended - began))
                        self._requests += measured.requests
                        self._wire_bytes.update(measured.wire_bytes)
                    is_over = self._over.is_set()
        except (ResponseError, OSError) as error:
            self._failure = error  # `check` raises it in the thread of the trial

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(JOIN_SECONDS)
