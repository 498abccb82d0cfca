"""The raw rows: one for each request and each flow, as measured by the generator.

The generator writes them; the analysis takes latency and throughput from them alone. Times are in
seconds: `intended_at` and `started_at` on the machine's monotonic clock (the same for all its
processes), `started_wall` since the epoch. In an open load a flow's intended start is its
arrival's: its submit and its "submit to ready" have that as `intended_at`. Everywhere else the two
are the same. `latency_ms` counts from `intended_at`.
"""

import csv
import gzip
import io
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import IO, Any

COLUMNS = (
    "phase",
    "step",
    "user",
    "name",
    "intended_at",
    "started_at",
    "started_wall",
    "latency_ms",
    "status",
    "submission_id",
    "error",
)
FLUSH_EVERY = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One request, or one flow ("submit to ready" and "arrival shed", whose status is 0)."""

    phase: str  # prepare | warm-up | window | drain: the phase of `intended_at`
    step: int  # its index in the schedule; -1 in prepare and drain
    user: int
    name: str
    intended_at: float
    started_at: float
    started_wall: float
    latency_ms: float
    status: int
    submission_id: str
    error: str

    @property
    def ended_at(self) -> float:
        """Return the time of the complete response, on the monotonic clock."""
        return self.intended_at + self.latency_ms / 1000


class RowWriter:
    """Buffers rows and writes them in batches: a write per row would show in the latencies.

    Only the generator's one thread calls it, and nothing in it yields to another greenlet.
    """

    def __init__(self, path: Path) -> None:
        self._file: IO[str] = path.open("w", newline="", encoding="utf-8")
        self._csv = csv.writer(self._file)
        self._csv.writerow(COLUMNS)
        self._file.flush()
        self._waiting: list[tuple[Any, ...]] = []

    def write(self, row: Row) -> None:
        """Append a row to the buffer; write the buffer when it is full."""
        self._waiting.append(
            (
                row.phase,
                row.step,
                row.user,
                row.name,
                f"{row.intended_at:.6f}",
                f"{row.started_at:.6f}",
                f"{row.started_wall:.6f}",
                f"{row.latency_ms:.3f}",
                row.status,
                row.submission_id,
                row.error,
            )
        )
        if len(self._waiting) >= FLUSH_EVERY:
            self.flush()

    def flush(self) -> None:
        """Write all buffered rows to the file."""
        self._csv.writerows(self._waiting)
        self._waiting.clear()
        self._file.flush()

    def close(self) -> None:
        """Write all buffered rows and close the file."""
        self.flush()
        self._file.close()


def read_rows(path: Traversable) -> Iterator[Row]:
    """Yield the rows of a plain or gzipped file; ValueError for other columns."""
    with ExitStack() as stack:
        stored: Any = stack.enter_context(path.open("rb"))
        if path.name.endswith(".gz"):
            stored = stack.enter_context(gzip.open(stored, "rb"))
        file = stack.enter_context(io.TextIOWrapper(stored, newline="", encoding="utf-8"))
        lines = csv.reader(file)
        if tuple(next(lines, COLUMNS)) != COLUMNS:
            raise ValueError(f"{path} has other columns than this version writes")
        for line in lines:
            if len(line) != len(COLUMNS):
                return  # the last line, incomplete because the generator was killed
            yield Row(
                phase=line[0],
                step=int(line[1]),
                user=int(line[2]),
                name=line[3],
                intended_at=float(line[4]),
                started_at=float(line[5]),
                started_wall=float(line[6]),
                latency_ms=float(line[7]),
                status=int(line[8]),
                submission_id=line[9],
                error=line[10],
            )
