"""From one trial's raw rows and readings to its levels, and to the reasons that make it void."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.analysis.accounting import Ledger, imbalances
from benchmarks.analysis.percentiles import Latency, latency
from benchmarks.analysis.saturation import Point, Saturation, find_saturation
from benchmarks.analysis.usage import Part, Reading, add, cpu_between, memory

GENERATOR_LIMIT = 0.80  # of its core
DISTURBANCE_LIMIT = 0.10  # of the target's cores
ESCAPE_LIMIT = 0.05  # of a core; its two accounts are kept in different ways
READY = "submit to ready"


@dataclass(frozen=True, slots=True)
class Call:
    """One raw row, as far as it is needed; `ended_at` on the monotonic clock, in seconds."""

    name: str
    ended_at: float
    latency_ms: float
    failed: bool


@dataclass(frozen=True, slots=True)
class Window:
    """One level's measured window. `harness_share` is of the generator's core, like its own."""

    users: int
    start: float  # when the target was read first, and last
    end: float
    before: Sequence[Reading]
    after: Sequence[Reading]
    generator_share: float
    harness_share: float
    lag_p99_ms: float
    steal_share: float
    core_busy_seconds: float  # of the target's cores, with whatever else ran on them


@dataclass(frozen=True, slots=True)
class Level:
    """What one level measured."""

    users: int
    seconds: float
    completed: int
    errors: int
    calls: int
    throughput: float
    submit_ms: Latency
    ready_ms: Latency
    cpu_ms: Mapping[Part, float]
    memory_bytes: Mapping[Part, int]
    cores_used: float
    generator_share: float
    harness_share: float
    lag_p99_ms: float
    steal_share: float
    foreign_cores: float  # of the target's cores, used by what isn't the target
    escaped_cores: float  # used by the target, and on no core of its own

    @property
    def cpu_ms_per_submission(self) -> float | None:
        """CPU-ms of all parts of the target over completed submissions."""
        return sum(self.cpu_ms.values()) / self.completed if self.completed else None


def measure(window: Window, calls: Sequence[Call]) -> Level:
    """Measure a window: calls count where they ended in it, between the readings of the target."""
    inside = [call for call in calls if window.start <= call.ended_at < window.end]
    ready = [call for call in inside if call.name == READY and not call.failed]
    requests = [call for call in inside if call.name != READY]
    submits = [call for call in requests if "/submissions (" in call.name and not call.failed]
    seconds = window.end - window.start
    cpu_ms = cpu_between(window.before, window.after)
    used_seconds = sum(cpu_ms.values()) / 1000
    return Level(
        users=window.users,
        seconds=seconds,
        completed=len(ready),
        errors=sum(call.failed for call in inside),
        calls=len(requests),
        throughput=len(ready) / seconds,
        submit_ms=latency([call.latency_ms for call in submits]),
        ready_ms=latency([call.latency_ms for call in ready]),
        cpu_ms=cpu_ms,
        memory_bytes=memory(window.after),
        cores_used=used_seconds / seconds,
        generator_share=window.generator_share,
        harness_share=window.harness_share,
        lag_p99_ms=window.lag_p99_ms,
        steal_share=window.steal_share,
        foreign_cores=max(0.0, (window.core_busy_seconds - used_seconds) / seconds),
        escaped_cores=max(0.0, (used_seconds - window.core_busy_seconds) / seconds),
    )


def upper_half(levels: Sequence[Level]) -> Sequence[Level]:
    """The levels that the headline CPU figure is taken from, fixed before anything is measured.

    They lie at and beyond saturation by design, where a target's idle work (polling, sweeping) is
    spread over the most submissions and most submissions are there to divide by.
    """
    return levels[len(levels) // 2 :]


def cpu_ms_per_submission(levels: Sequence[Level]) -> float | None:
    """CPU-ms per completed submission over several levels together."""
    completed = sum(level.completed for level in levels)
    return sum(add([level.cpu_ms for level in levels]).values()) / completed if completed else None


def saturation(levels: Sequence[Level]) -> Saturation:
    """The trial's capacity."""
    return find_saturation([Point(it.users, it.completed, it.seconds) for it in levels])


def is_disturbed(levels: Sequence[Level], *, target_cores: int) -> bool:
    """Whether something else used so much of the target's cores that its capacity is unknown.

    Throughput and latency then tell of the other work; CPU time per submission still tells of the
    target, if less surely.
    """
    seconds = sum(level.seconds for level in levels)
    foreign = sum(level.foreign_cores * level.seconds for level in levels)
    return seconds > 0 and foreign / seconds > DISTURBANCE_LIMIT * target_cores


def void_reasons(levels: Sequence[Level], ledger: Ledger) -> list[str]:
    """Why a trial must not be counted, in words; empty if it may."""
    reasons = imbalances(ledger)
    for level in levels:
        share = level.generator_share + level.harness_share
        if share > GENERATOR_LIMIT:
            reasons.append(
                f"at {level.users} users the generator used {share:.0%} of its core "
                f"(limit {GENERATOR_LIMIT:.0%})"
            )
        if level.escaped_cores > ESCAPE_LIMIT:
            reasons.append(
                f"at {level.users} users the target used {level.escaped_cores:.2f} of a core "
                "outside its own"
            )
    if not any(level.completed for level in levels):
        reasons.append("no submission was completed in a measured window")
    return reasons
