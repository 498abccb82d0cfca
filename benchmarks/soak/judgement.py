"""Decide from the readings whether anything grew. Pure: no input or output.

The first quarter is warm-up: pools fill, the model is loaded, allocators reach their size. Growth
is the median of the last quarter against the median of the second. A backing service keeps data
and opens files for it: its memory and files are reported and not judged, its connections and keys
are. A leak below the limit over the length of a run is not found; a longer run finds it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.soak.readings import Reading

MEMORY_GROWTH_LIMIT = 0.10
# Files, threads, connections and keys are counts: a few come and go with the load.
COUNT_TOLERANCE = 8

_Value = Callable[[Reading], float]


@dataclass(frozen=True)
class Growth:
    """One measure of one process (or of the target, "all"), early and late in the run."""

    measure: str
    process: str
    role: str
    before: float
    after: float
    exceeded: bool

    @property
    def ratio(self) -> float:
        """Return the relative growth: 0.05 is 5 % more at the end."""
        return self.after / self.before - 1 if self.before else 0.0


def growth(readings: Sequence[Reading]) -> list[Growth]:
    """Compare the last quarter of the readings with the second. ValueError below 8 readings."""
    if len(readings) < 8:  # noqa: PLR2004 - two readings in each quarter
        message = f"{len(readings)} readings are too few: 8 or more are needed"
        raise ValueError(message)
    quarter = len(readings) // 4
    early, late = readings[quarter : 2 * quarter], readings[-quarter:]

    def compare(measure: str, process: str, role: str, value: _Value) -> Growth:
        before, after = median(map(value, early)), median(map(value, late))
        return Growth(measure, process, role, before, after, _exceeds(measure, role, before, after))

    return [
        compare(measure, process.process, process.role, _of_process(number, measure))
        for number, process in enumerate(readings[0].processes)
        for measure in ("memory_bytes", "threads", "files")
    ] + [
        compare(measure, "all", "backing", _of_target(measure))
        for measure in ("database_connections", "broker_keys", "broker_clients")
    ]


def _exceeds(measure: str, role: str, before: float, after: float) -> bool:
    if measure == "memory_bytes":
        return role != "backing" and after > before * (1 + MEMORY_GROWTH_LIMIT)
    if measure in {"threads", "files"} and role == "backing":
        return False
    return after > before + COUNT_TOLERANCE


def _of_process(number: int, measure: str) -> _Value:
    return lambda reading: float(getattr(reading.processes[number], measure))


def _of_target(measure: str) -> _Value:
    return lambda reading: float(getattr(reading, measure))
