"""The values of a trial of overhead: CPU time, time and counts of each part, by block or round."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median

from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.scaling.overhead import parts

FLOOR_UNIT, FLOOR_LOOP, ASGI, WSGI = "floor", "floor-loop-1", "floor-asgi-1", "floor-wsgi-1"
# The processes of each reference; the target's own are all that aren't of the floor's unit
SERVED_BY: Mapping[str, frozenset[str]] = {
    parts.FLOOR_UPLOAD: frozenset({FLOOR_LOOP, "s3"}),
    parts.FLOOR_URL: frozenset({FLOOR_LOOP, "s3"}),
    parts.MINIMAL: frozenset({ASGI}),
    parts.MINIMAL_WSGI: frozenset({WSGI}),
    parts.INSERT: frozenset({WSGI, "postgres", "valkey"}),
}


@dataclass(slots=True)
class Measured:
    """A part in one block or round: how often, in how many seconds, CPU-ms, and values in ms."""

    count: int = 0
    seconds: float = 0.0
    cpu_ms: float = 0.0
    values: dict[str, list[float]] = field(default_factory=dict)

    def add(self, other: "Measured") -> None:
        """Add another round of the same part."""
        self.count += other.count
        self.seconds += other.seconds
        self.cpu_ms += other.cpu_ms
        for name, values in other.values.items():
            self.values.setdefault(name, []).extend(values)


Parts = Mapping[str, Measured]  # by the part's name
Value = Callable[[Parts], float | None]
Key = tuple[int, int]  # block and round; round 0 for all of a block's


def cost(part: str) -> Value:
    """Return the measure of CPU-ms of one request or iteration."""

    def value(found: Parts) -> float | None:
        one = found.get(part)
        return one.cpu_ms / one.count if one and one.count and one.cpu_ms > 0 else None

    return value


def rate(part: str) -> Value:
    """Return the measure of how many a second, from the first request to the last response."""

    def value(found: Parts) -> float | None:
        one = found.get(part)
        return one.count / one.seconds if one and one.count and one.seconds else None

    return value


def median_of(part: str, name: str) -> Value:
    """Return the measure of the median of a window's values of this name, in ms."""

    def value(found: Parts) -> float | None:
        values = found[part].values.get(name) if part in found else None
        return median(values) if values else None

    return value


def rounds_of(trial: Trial) -> int:
    """Return how many rounds a trial went through."""
    return max((it["round"] for it in trial.document.get("windows", ())), default=0)


def measured(trials: Iterable[Trial], *, by_round: bool) -> dict[Key, Parts]:
    """Return the parts of each block, or of each round of each block."""
    found: dict[Key, dict[str, Measured]] = {}
    for trial in trials:
        for window, level in zip(trial.document.get("windows", ()), trial.levels, strict=False):
            key = (trial.block, window["round"] if by_round else 0)
            own = SERVED_BY.get(window["part"])
            used = sum(
                amount
                for process, amount in level.cpu_ms.items()
                if (process.process in own if own else process.unit != FLOOR_UNIT)
            )
            values = {it: list(window[it]) for it in ("each_ms", "ready_ms", "client_ms")}
            mine = found.setdefault(key, {}).setdefault(window["part"], Measured())
            mine.add(Measured(window["count"], window["seconds"], used, values))
    return dict(found)
