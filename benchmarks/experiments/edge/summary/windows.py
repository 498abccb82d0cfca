"""The windows of a trial: one kind of visit each, with its CPU time by group of processes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from benchmarks.analysis.trials import Level
from benchmarks.analysis.usage import Part
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.results_model.edge import VisitCpu, VisitKind, Way

WEB = "-web-"  # within the names of the units' web processes


@dataclass(frozen=True, slots=True)
class Key:
    """What distinguishes the windows of a trial."""

    way: Way
    kind: VisitKind
    connections: int


@dataclass(frozen=True, slots=True)
class VisitWindow:
    """One window. `cpu_ms` is of all its visits; `latencies_ms` has one value for each visit."""

    key: Key
    seconds: float
    requests_per_visit: float
    wire_bytes: Mapping[str, float]  # of one visit
    latencies_ms: tuple[float, ...]
    cpu_ms: VisitCpu
    generator_share: float

    @property
    def visits(self) -> int:
        """How many visits ended between the readings of the target."""
        return len(self.latencies_ms)

    @property
    def requests_per_second(self) -> float:
        """Requests of these visits over the seconds between the readings."""
        return self.visits * self.requests_per_visit / self.seconds

    def per_visit(self) -> VisitCpu | None:
        """Return the CPU-ms of one visit; None without visits."""
        if not self.visits:
            return None
        return VisitCpu(
            application=self.cpu_ms.application / self.visits,
            other_units=self.cpu_ms.other_units / self.visits,
            edge=self.cpu_ms.edge / self.visits,
            backing=self.cpu_ms.backing / self.visits,
        )


def windows_of(trial: Trial) -> Iterator[VisitWindow]:
    """Yield the windows of a trial, in the order of running."""
    described = {it["step"]: it for it in trial.document["windows"]}
    for level in trial.levels:
        about = described[level.window.step]
        yield VisitWindow(
            key=Key(about["way"], about["kind"], about["connections"]),
            seconds=level.seconds,
            requests_per_visit=about["requests_per_visit"],
            wire_bytes=about["wire_bytes_per_visit"],
            latencies_ms=tuple(_latencies(trial, level)),
            cpu_ms=_grouped(level.cpu_ms),
            generator_share=level.window.generator_share + level.window.harness_share,
        )


def _latencies(trial: Trial, level: Level) -> Iterator[float]:
    window = level.window
    for call in trial.calls:
        if call.step == window.step and window.start <= call.ended_at < window.end:
            yield call.latency_ms


def _grouped(cpu_ms: Mapping[Part, float]) -> VisitCpu:
    sums = {"application": 0.0, "other_units": 0.0, "edge": 0.0, "backing": 0.0}
    for part, amount in cpu_ms.items():
        sums[_group(part)] += amount
    return VisitCpu(**sums)


def _group(part: Part) -> str:
    if part.role in {"edge", "backing"}:
        return part.role
    return "application" if WEB in part.process else "other_units"
