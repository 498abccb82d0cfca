"""The load of a trial: visits on kept connections, one way after the other."""

import time
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

from benchmarks.experiments.edge import WAYS
from benchmarks.experiments.edge.client import Connection
from benchmarks.experiments.edge.deployment import release_of
from benchmarks.experiments.edge.routing import bring_to
from benchmarks.experiments.edge.sweeps import KINDS, Kind, kind_of
from benchmarks.experiments.edge.visitor import Visitor
from benchmarks.experiments.edge.visitors import Visit, Visitors
from benchmarks.experiments.runner.arms import Arm
from benchmarks.experiments.runner.generator import Event
from benchmarks.workload.rows import Row, RowWriter
from benchmarks.workload.schedule import Schedule, Step

TICK_SECONDS = 0.1
# The load runs within the harness, whose CPU time each window has; its steps are closed.
NO_GENERATOR = {"cpu_share": 0.0, "cpu_ms": 0.0, "lag_p99_ms": 0.0, "lag_max_ms": 0.0}
NO_ARRIVALS = {"offered": 0, "started": 0, "shed": 0}
ONE_SUBMISSION = {
    "accepted": 1,
    "succeeded": 1,
    "unfinished": [],
    "answers_lost": 0,
    "errors": 0,
    "shed": 0,
    "account_submissions": None,
    "target_clock_skew_ms": None,
}


class VisitLoad:
    """Goes through the schedule: all kinds of visits by one way, then by the other.

    The order of the ways alternates from block to block, whose seeds follow each other; the run's
    seed decides which is first. Each visit becomes a row.
    """

    def __init__(
        self,
        arm: Arm,
        target: Any,
        *,
        schedule: Schedule,
        rows: Path,
        image: Path,
        seed: int,
        **_unused: Any,
    ) -> None:
        self._architecture = arm.architecture
        self._target = target
        self._schedule = schedule
        self._rows = rows
        self._visitor = Visitor(target.base_url, image)
        self.ways = WAYS if seed % 2 else WAYS[::-1]

    def events(self) -> Iterator[Event]:
        """Yield the marks of each step. Raises what a visit or a change of the edge fails with."""
        ahead = time.time() - time.monotonic()
        self._visitor.prepare()
        sizes: dict[str, Any] = {}
        rows = RowWriter(self._rows)
        try:
            for index, step in enumerate(self._schedule.steps):
                way = self.ways[index // len(KINDS)]
                if index % len(KINDS) == 0:
                    sizes[way] = self._turn_to(way)
                visits = yield from self._step(index, step, way, kind_of(index))
                for visit in visits:
                    rows.write(_row(visit, index, kind_of(index), ahead))
        finally:
            rows.close()
        drift_ms = abs(time.time() - time.monotonic() - ahead) * 1000
        fields = {**ONE_SUBMISSION, "wall_drift_ms": drift_ms, "bytes_by_coding": sizes}
        yield Event("drained", fields)

    def _turn_to(self, way: str) -> dict[str, dict[str, int]]:
        """Bring the edge to a way; return the bytes of a first visit by coding and kind of file."""
        run_dir = self._target.run_dir
        bring_to(run_dir, self._architecture, release_of(run_dir), way)
        self._visitor.arrive(way)
        with Connection(self._target.base_url) as connection:
            return self._visitor.bytes_by_coding(connection)

    def _step(
        self, index: int, step: Step, way: str, kind: Kind
    ) -> Generator[Event, None, Sequence[Visit]]:
        """Yield the marks of a step; return its visits, those of the warm-up included."""
        with Visitors(self._visitor, kind.name, self._target.base_url, step.users) as visitors:
            time.sleep(step.warm_up_seconds)
            yield Event("window-start", {"step": index})
            ends = time.monotonic() + step.window_seconds
            while (left := ends - time.monotonic()) > 0:
                time.sleep(min(left, TICK_SECONDS))
                visitors.check()
                shown = {"label": f"{kind.name} from the {way}", "measured": True, "errors": 0}
                yield Event("progress", {"step": index, **shown, "succeeded": visitors.count})
            # The connections go on until the target has been read: a visit counts if it ended
            # between the two readings.
            about = {"way": way, "kind": kind.name, "connections": step.users, **visitors.means()}
            yield Event("window-end", {"step": index, **NO_GENERATOR, **NO_ARRIVALS, **about})
        visitors.check()
        return visitors.visits

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        """Nothing to end: each step ends its own connections."""


def _row(visit: Visit, step: int, kind: Kind, ahead: float) -> Row:
    return Row(
        phase="window",
        step=step,
        user=visit.connection,
        name=kind.name,
        intended_at=visit.began,
        started_at=visit.began,
        started_wall=visit.began + ahead,
        latency_ms=visit.seconds * 1000,
        status=0,
        submission_id="",
        error="",
    )
