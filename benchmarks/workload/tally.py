"""Turns Locust's request events into rows, and counts what the accounting needs."""

import time
from typing import Any

from benchmarks.workload import tasks
from benchmarks.workload.rows import Row, RowWriter
from benchmarks.workload.users import READY

SUBMITS = frozenset({tasks.SUBMIT_UPLOAD, tasks.SUBMIT_ADDRESS})


class Tally:
    """Listens to `events.request`. `phase` and `step_users` are set by the generator's schedule."""

    def __init__(self, writer: RowWriter) -> None:
        self._writer = writer
        self.phase = "prepare"
        self.step_users = 0
        self.accepted: set[str] = set()
        self.succeeded: set[str] = set()
        self.answers_lost = (
            0  # submissions sent whose answer never came: accepted or not, who knows
        )
        self.errors = 0

    def on_request(
        self,
        *,
        name: str,
        response_time: float,
        start_time: float,
        context: dict[str, Any],
        response: Any = None,
        exception: Exception | None = None,
        **_: object,
    ) -> None:
        """Take one event."""
        status = int(response.status_code) if response is not None else 0
        submission_id = str(context.get("submission_id") or "")
        self._count(name, status, submission_id, exception)
        started_at = float(context.get("started_at", time.monotonic() - response_time / 1000))
        self._writer.write(
            Row(
                phase=self.phase,
                users=self.step_users,
                user=int(context.get("user_number", 0)),
                name=name,
                intended_at=float(context.get("intended_at", started_at)),
                started_at=started_at,
                started_wall=start_time,
                latency_ms=response_time,
                status=status,
                submission_id=submission_id,
                error="" if exception is None else f"{type(exception).__name__}: {exception}"[:200],
            )
        )

    def _count(
        self, name: str, status: int, submission_id: str, exception: Exception | None
    ) -> None:
        if exception is not None:
            self.errors += 1
        if name in SUBMITS:
            if status == 202 and submission_id:  # noqa: PLR2004 - HTTP's own number
                self.accepted.add(submission_id)
            elif status == 0:
                self.answers_lost += 1
        elif name == READY and exception is None:
            self.succeeded.add(submission_id)
