"""One trial's levels, from its raw rows and readings."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from benchmarks.analysis.percentiles import Latency, latency
from benchmarks.analysis.saturation import Point, Saturation, find_saturation
from benchmarks.analysis.usage import Part, Reading, add, cpu_between, memory

READY = "submit to ready"
READ = "/submissions/[id]/result"
SHED = "arrival shed"


@dataclass(frozen=True, slots=True)
class Call:
    """The fields of one raw row that are analysed; times on the monotonic clock, in seconds.

    `latency_ms` counts from the intended start: in an open load it includes the time that an
    arrival waited for the generator.
    """

    name: str
    intended_at: float
    ended_at: float
    latency_ms: float
    failed: bool
    step: int  # of the schedule, in which its intended start lies
    measured: bool  # whether that lies in the step's window
    submission_id: str = ""  # if the call concerns one


@dataclass(frozen=True, slots=True)
class Window:
    """One step's measured window. Shares are of the generator's core.

    `harness_share` is that of the harness process and the companions, `apart_share` that of what
    was deployed apart from the target: it lets all others go first, so it delays none.

    Closed steps have `users`, open ones a `rate` (arrivals a second), of which so many were
    `offered`, `started` and `shed`. `counters` are the counts of the target's backing services.
    """

    step: int
    users: int
    rate: float
    start: float  # when the target was read first; `end`: last
    end: float
    before: Sequence[Reading]
    after: Sequence[Reading]
    generator_share: float
    harness_share: float
    lag_p99_ms: float
    lag_max_ms: float
    steal_share: float
    core_busy_seconds: float  # of the target's cores, other processes included
    beside_busy_seconds: float = 0.0  # of the generator's core, other processes included
    offered: int = 0
    started: int = 0
    shed: int = 0
    counters: Mapping[str, float | None] = field(default_factory=dict)
    apart_share: float = 0.0


@dataclass(frozen=True, slots=True)
class Level:
    """The measures of one step."""

    window: Window
    seconds: float
    completed: int
    errors: int
    calls: int
    throughput: float
    submit_ms: Latency
    ready_ms: Latency
    read_ms: Latency  # of a ready result
    cpu_ms: Mapping[Part, float]
    memory_bytes: Mapping[Part, int]
    cores_used: float
    foreign_cores: float  # of the target's cores, used by other processes
    escaped_cores: float  # used by the target outside its own cores

    @property
    def label(self) -> str:
        """Return the step's name in reports: "8 users", "5 arrivals/s"."""
        rate, users = self.window.rate, self.window.users
        return f"{rate:g} arrivals/s" if rate else f"{users} user" + "s" * (users != 1)

    @property
    def cpu_ms_per_submission(self) -> float | None:
        """Return the CPU-ms of all processes of the target over completed submissions."""
        return per_submission(sum(self.cpu_ms.values()), self.completed)

    def disturbance(self, target_cores: int) -> float:
        """Return the share that other work had of the target's or the generator's cores.

        It is the larger of the two. On the target's cores the others are processes and the
        hypervisor. Work on the generator's core also costs the target, if the two are siblings of
        one physical core: the target's CPU-ms rose by a tenth in measurements.
        """
        window = self.window
        known = window.generator_share + window.harness_share + window.apart_share
        generating = known * self.seconds
        beside = (window.beside_busy_seconds - generating) / self.seconds
        return max(self.foreign_cores / target_cores + window.steal_share, beside)

    @property
    def achieved(self) -> float | None:
        """Return the share of the due arrivals that was sent; None in a closed step."""
        return self.window.started / self.window.offered if self.window.offered else None

    @property
    def missing(self) -> int:
        """Return the due arrivals that weren't sent though a slot was free: generator faults.

        An arrival that is due as the window ends may be sent after it, so one is tolerated. Those
        that were shed aren't among them: the target kept all slots busy, which its latency shows.
        """
        missing = self.window.offered - self.window.started - self.window.shed
        return 0 if missing <= 1 else missing


def per_submission(amount: float, completed: int) -> float | None:
    """Return an amount over completed submissions; None if either is 0."""
    return amount / completed if completed and amount else None


def timed(window: Window, calls: Sequence[Call]) -> list[Call]:
    """Return the calls whose latency belongs to the window.

    In an open step these are the calls intended in the window, whenever they ended: without those
    that ended later the slow ones would be missing. In a closed step they are the calls that ended
    in the window and began in the step: earlier ones met fewer users.
    """
    mine = [call for call in calls if call.step == window.step]
    if window.rate:
        return [call for call in mine if call.measured]
    return [call for call in mine if window.start <= call.ended_at < window.end]


def is_submit(call: Call) -> bool:
    """Return whether a call is the request that submits, as an upload or by URL."""
    return "/submissions (" in call.name


def is_flow(call: Call) -> bool:
    """Return whether a call stands for a submission's way to its result.

    A submission that was refused has a row for its request alone: it never became ready. Without
    it the target that refuses more would look sooner.
    """
    return call.name in {READY, SHED} or (call.failed and is_submit(call))


def latencies(calls: Sequence[Call], is_wanted: Callable[[Call], bool]) -> list[float]:
    """Return the latencies in ms of the calls that are wanted; infinite for a failed one."""
    wanted = [call for call in calls if is_wanted(call)]
    return [math.inf if call.failed else call.latency_ms for call in wanted]


CALLS: Mapping[str, Callable[[Call], bool]] = {
    "submit_ms": is_submit,
    "ready_ms": is_flow,
    "read_ms": lambda call: call.name == READ,
}


def measure(window: Window, calls: Sequence[Call], *, seen: bool = True) -> Level:
    """Return the measures of a window; a flow counts if it ended between the target's readings.

    For latencies see `timed`. `seen` is whether the target's processes can be read; those of an
    external target can't.
    """
    if not seen:  # this machine's cores have nothing to do with the target
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
    """Return the levels of closed load, in which the users set the pace."""
    return [level for level in levels if level.window.users]


def opened(levels: Sequence[Level]) -> list[Level]:
    """Return the levels of open load, in which arrivals are independent of the target."""
    return [level for level in levels if level.window.rate]


FEWEST_LEVELS = 2  # where there are two: each is a window of its own, at another moment


def upper_half(levels: Sequence[Level]) -> Sequence[Level]:
    """Return the levels of the headline CPU figure: the upper half of the closed ones, or two.

    They are at and beyond saturation by design, where a target's idle work (polling, sweeping) is
    divided among the most submissions. If all levels are open, all count.
    """
    rising = closed(levels)
    first = min(len(rising) // 2, max(len(rising) - FEWEST_LEVELS, 0))
    return rising[first:] if rising else levels


def cpu_ms_per_submission(levels: Sequence[Level]) -> float | None:
    """Return the CPU-ms per completed submission over several levels together."""
    completed = sum(level.completed for level in levels)
    return per_submission(sum(add([level.cpu_ms for level in levels]).values()), completed)


def points(levels: Sequence[Level]) -> list[Point]:
    """Return the closed levels as points of throughput over users."""
    rising = closed(levels)
    return [Point(level.window.users, level.completed, level.seconds) for level in rising]


def saturation(levels: Sequence[Level]) -> Saturation:
    """Return the saturation of the trial's closed levels, with its capacity."""
    return find_saturation(points(levels))
