"""The tally: Locust's request events as rows, and the counts of the accounting."""

import time
from bisect import bisect_right
from datetime import datetime
from statistics import median
from typing import Any

from benchmarks.workload import tasks
from benchmarks.workload.rows import Row, RowWriter
from benchmarks.workload.slots import SHED, Shed
from benchmarks.workload.users import READY

SUBMITS = frozenset({tasks.SUBMIT_UPLOAD, tasks.SUBMIT_ADDRESS})
FLOWS = frozenset({READY, SHED})


class Tally:
    """A listener of `events.request`. `enter` sets the phase of the following rows."""

    def __init__(self, writer: RowWriter) -> None:
        self._writer = writer
        self._entered = [float("-inf")]
        self._phases = [("prepare", -1)]
        self._skews_ms: list[float] = []
        self.accepted: set[str] = set()
        self.succeeded: set[str] = set()
        self.responses_lost = 0  # submissions sent without a response: accepted or not
        self.errors = 0
        self.shed = 0

    def enter(self, at: float, phase: str, step: int = -1) -> None:
        """Begin a phase, at a time of the monotonic clock in seconds."""
        self._entered.append(at)
        self._phases.append((phase, step))

    @property
    def target_clock_skew_ms(self) -> float | None:
        """Return the ms by which the target's wall clock is ahead: a median over submissions.

        A submission's `created_at` lies somewhere in its submit call and is compared with the
        call's middle, so this is exact to half a call. None if no response had one.
        """
        return median(self._skews_ms) if self._skews_ms else None

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
        """Count one request event and write its row."""
        status = int(response.status_code) if response is not None else 0
        submission_id = str(context.get("submission_id") or "")
        self._count(name, status, submission_id, exception)
        started_at = float(context.get("started_at", time.monotonic() - response_time / 1000))
        intended_at = float(context.get("intended_at", started_at))
        if name not in FLOWS:  # flows count from the intended start already
            self._compare_clocks(context.get("created_at"), start_time + response_time / 2000)
            response_time += (started_at - intended_at) * 1000
        phase, step = self._phases[bisect_right(self._entered, intended_at) - 1]
        self._writer.write(
            Row(
                phase=phase,
                step=step,
                user=int(context.get("user_number", 0)),
                name=name,
                intended_at=intended_at,
                started_at=started_at,
                started_wall=start_time,
                latency_ms=response_time,
                status=status,
                submission_id=submission_id,
                error=_error_text(exception),
            )
        )

    def _count(
        self, name: str, status: int, submission_id: str, exception: Exception | None
    ) -> None:
        if name == SHED:
            self.shed += 1
        elif exception is not None:
            self.errors += 1
        if name in SUBMITS:
            if exception is None and submission_id:
                self.accepted.add(submission_id)
            elif status == 0:
                self.responses_lost += 1
        elif name == READY and exception is None:
            self.succeeded.add(submission_id)

    def _compare_clocks(self, created_at: object, middle: float) -> None:
        if not isinstance(created_at, str):
            return
        try:
            created = datetime.fromisoformat(created_at)
        except ValueError:
            return
        if created.tzinfo is not None:
            self._skews_ms.append((created.timestamp() - middle) * 1000)


def _error_text(exception: Exception | None) -> str:
    if exception is None:
        return ""
    if isinstance(exception, Shed):
        return str(exception)
    return f"{type(exception).__name__}: {exception}"[:200]
