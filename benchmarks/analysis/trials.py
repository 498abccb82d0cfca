"""From one trial's raw rows and readings to its levels, and to the reasons that make it void."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from benchmarks.analysis.accounting import Ledger, imbalances
from benchmarks.analysis.percentiles import Latency, latency
from benchmarks.analysis.saturation import Point, Saturation, find_saturation
from benchmarks.analysis.usage import Part, Reading, add, cpu_between, memory

GENERATOR_LIMIT = 0.80  # of its core
ACHIEVED_LIMIT = 0.98  # of the arrivals that were due
STALL_LIMIT_MS = 500.0  # far above what a busy neighbour does to the generator's loop
CLOCK_LIMIT_MS = 200.0  # a clock that is slewed gently drifts by less in a trial
DISTURBANCE_LIMIT = 0.10  # of the target's cores
ESCAPE_LIMIT = 0.05  # of a core; its two accounts are kept in different ways
READY = "submit to ready"
READ = "/submissions/[id]/result"
SHED = "arrival shed"


@dataclass(frozen=True, slots=True)
class Call:
    """One raw row, as far as it is needed; moments on the monotonic clock, in seconds.

    `latency_ms` counts from the intended start: in an open load the time that an arrival waited for
    the generator belongs to it.
    """

    name: str
    intended_at: float
    ended_at: float
    latency_ms: float
    failed: bool
    step: int  # of the schedule, in which its intended start lies
    measured: bool  # whether that lies in the step's window
    submission_id: str = ""  # where the call is about one


@dataclass(frozen=True, slots=True)
class Window:
    """One step's measured window. `harness_share` is of the generator's core, like its own.

    It is this process's and the companions'.

    Closed steps have `users`, open ones a `rate` (arrivals a second), of which so many were
    `offered`, `started` and `shed`. `counters` are what the target's parts counted meanwhile.
    """

    step: int
    users: int
    rate: float
    start: float  # when the target was read first, and last
    end: float
    before: Sequence[Reading]
    after: Sequence[Reading]
    generator_share: float
    harness_share: float
    lag_p99_ms: float
    lag_max_ms: float
    steal_share: float
    core_busy_seconds: float  # of the target's cores, with whatever else ran on them
    beside_busy_seconds: float = 0.0  # of the generator's core, with whatever else ran on it
    offered: int = 0
    started: int = 0
    shed: int = 0
    counters: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Level:
    """What one step measured."""

    window: Window
    seconds: float
    completed: int
    errors: int
    calls: int
    throughput: float
    submit_ms: Latency
    ready_ms: Latency
    read_ms: Latency  # of the result, when it was ready
    cpu_ms: Mapping[Part, float]
    memory_bytes: Mapping[Part, int]
    cores_used: float
    foreign_cores: float  # of the target's cores, used by what isn't the target
    escaped_cores: float  # used by the target, and on no core of its own

    @property
    def label(self) -> str:
        """The step as people name it."""
        it = self.window
        return f"{it.rate:g} arrivals/s" if it.rate else f"{it.users} user" + "s" * (it.users != 1)

    @property
    def cpu_ms_per_submission(self) -> float | None:
        """CPU-ms of all parts of the target over completed submissions."""
        return per_submission(sum(self.cpu_ms.values()), self.completed)

    @property
    def disturbance(self) -> float:
        """What something else had of the target's cores or of the generator's, which is larger.

        On the target's they are other processes, or the hypervisor. Work on the generator's core
        costs the target too, where the two are siblings that share one physical core: its CPU-ms
        were seen to rise by a tenth.
        """
        it = self.window
        generating = (it.generator_share + it.harness_share) * self.seconds
        beside = (it.beside_busy_seconds - generating) / self.seconds
        return max(self.foreign_cores + it.steal_share, beside)

    @property
    def achieved(self) -> float | None:
        """Which share of the arrivals that were due was sent; None in a closed step."""
        return self.window.started / self.window.offered if self.window.offered else None

    @property
    def missing(self) -> int:
        """Arrivals that were due and not sent though a slot was free: the generator's own fault.

        One that is due as the window ends may be sent after it, so one is nobody's fault. Where
        arrivals were shed, the target kept all slots busy; that is its latency's to tell.
        """
        missing = self.window.offered - self.window.started
        return 0 if self.window.shed or missing <= 1 else missing


def per_submission(amount: float, completed: int) -> float | None:
    """An amount over completed submissions; None where there is either none."""
    return amount / completed if completed and amount else None


def timed(window: Window, calls: Sequence[Call]) -> list[Call]:
    """The calls whose latency is the window's.

    Of an open step those that were intended in the window, whenever they ended: to leave out those
    that ended later would leave out the slow ones. Of a closed step those that ended in the window
    and began in the step: what began before met fewer users.
    """
    mine = [call for call in calls if call.step == window.step]
    if window.rate:
        return [call for call in mine if call.measured]
    return [call for call in mine if window.start <= call.ended_at < window.end]


def latencies(calls: Sequence[Call], name: Callable[[str], bool]) -> list[float]:
    """Latencies in ms of the calls with such a name. One that failed or was shed took for ever."""
    return [math.inf if it.failed else it.latency_ms for it in calls if name(it.name)]


CALLS: Mapping[str, Callable[[str], bool]] = {
    "submit_ms": lambda name: "/submissions (" in name,
    "ready_ms": lambda name: name in {READY, SHED},
    "read_ms": lambda name: name == READ,
}


def measure(window: Window, calls: Sequence[Call], *, seen: bool = True) -> Level:
    """Measure a window: what ended in it counts, between the readings of the target.

    For latencies see `timed`. `seen` is whether the target's processes can be read at all; an
    external one's can't.
    """
    if not seen:  # nor do this machine's cores say anything of the target
        window = replace(window, steal_share=0.0, beside_busy_seconds=0.0)
    inside = [call for call in calls if window.start <= call.ended_at < window.end]
    ready = [call for call in inside if call.name == READY and not call.failed]
    requests = [call for call in inside if call.name not in {READY, SHED}]
    own = timed(window, calls)
    seconds = window.end - window.start
    cpu_ms = cpu_between(window.before, window.after)
    used_seconds = sum(cpu_ms.values()) / 1000
    surplus = (window.core_busy_seconds - used_seconds) / seconds if seen else 0.0
    return Level(
        window=window,
        seconds=seconds,
        completed=len(ready),
        errors=sum(call.failed for call in inside if call.name != SHED),
        calls=len(requests),
        throughput=len(ready) / seconds,
        **{field: latency(latencies(own, name)) for field, name in CALLS.items()},
        cpu_ms=cpu_ms,
        memory_bytes=memory(window.after),
        cores_used=used_seconds / seconds,
        foreign_cores=max(0.0, surplus),
        escaped_cores=max(0.0, -surplus),
    )


def closed(levels: Sequence[Level]) -> list[Level]:
    """The levels of a closed load, in which the users set the pace."""
    return [level for level in levels if level.window.users]


def opened(levels: Sequence[Level]) -> list[Level]:
    """The levels of an open load, in which arrivals come whatever the target does."""
    return [level for level in levels if level.window.rate]


def upper_half(levels: Sequence[Level]) -> Sequence[Level]:
    """The closed levels that the headline CPU figure is taken from, fixed beforehand.

    They lie at and beyond saturation by design, where a target's idle work (polling, sweeping) is
    spread over the most submissions and most submissions are there to divide by. Where all levels
    are open, all count.
    """
    rising = closed(levels)
    return rising[len(rising) // 2 :] if rising else levels


def cpu_ms_per_submission(levels: Sequence[Level]) -> float | None:
    """CPU-ms per completed submission over several levels together."""
    completed = sum(level.completed for level in levels)
    return per_submission(sum(add([level.cpu_ms for level in levels]).values()), completed)


def points(levels: Sequence[Level]) -> list[Point]:
    """The closed levels as points of a curve."""
    return [Point(it.window.users, it.completed, it.seconds) for it in closed(levels)]


def saturation(levels: Sequence[Level]) -> Saturation:
    """The trial's capacity."""
    return find_saturation(points(levels))


def is_disturbed(levels: Sequence[Level], *, target_cores: int) -> bool:
    """Whether something else used so much of the target's cores that its capacity is unknown.

    Throughput and latency then tell of the other work; CPU time per submission still tells of the
    target, if less surely.
    """
    seconds = sum(level.seconds for level in levels)
    others = sum(level.disturbance * level.seconds for level in levels)
    return seconds > 0 and others / seconds > DISTURBANCE_LIMIT * target_cores


def void_reasons(
    levels: Sequence[Level], ledger: Ledger, *, wall_drift_ms: float = 0.0
) -> list[str]:
    """Why a trial must not be counted, in words; empty if it may."""
    reasons = imbalances(ledger)
    for level in levels:
        reasons += _generator_faults(level)
        if level.escaped_cores > ESCAPE_LIMIT:
            reasons.append(
                f"at {level.label} the target used {level.escaped_cores:.2f} of a core "
                "outside its own"
            )
    return [*reasons, *_clock_faults(wall_drift_ms), *_emptiness(levels)]


def generator_reasons(levels: Sequence[Level], *, wall_drift_ms: float = 0.0) -> list[str]:
    """Why a trial whose target was made to fail must not be counted, in words.

    What such a target loses, refuses or leaves is what the trial measures, so only the generator
    can make it void. An arrival that finds no free slot isn't the generator's fault there.
    """
    reasons = []
    for level in levels:
        reasons += _busy_generator(level)
    return [*reasons, *_clock_faults(wall_drift_ms), *_emptiness(levels)]


def _clock_faults(drift_ms: float) -> list[str]:
    if drift_ms <= CLOCK_LIMIT_MS:
        return []
    return [f"the wall clock was set by {drift_ms / 1000:.1f} s while the trial ran"]


def _emptiness(levels: Sequence[Level]) -> list[str]:
    if any(level.completed for level in levels):
        return []
    return ["no submission was completed in a measured window"]


def _busy_generator(level: Level) -> list[str]:
    window, found = level.window, []
    share = window.generator_share + window.harness_share
    if share > GENERATOR_LIMIT:
        found.append(
            f"at {level.label} the generator used {share:.0%} of its core "
            f"(limit {GENERATOR_LIMIT:.0%})"
        )
    if window.lag_max_ms > STALL_LIMIT_MS:
        found.append(
            f"at {level.label} the generator stood still for {window.lag_max_ms / 1000:.1f} s"
        )
    return found


def _generator_faults(level: Level) -> list[str]:
    window, found = level.window, _busy_generator(level)
    if level.missing > (1 - ACHIEVED_LIMIT) * window.offered:
        found.append(
            f"at {level.label} only {window.started} of {window.offered} arrivals were sent "
            f"(limit {ACHIEVED_LIMIT:.0%})"
        )
    return found
