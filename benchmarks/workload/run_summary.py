"""What the processes of a load report of themselves, added up, and what is wrong with the sum.

Pure: reports in, sentences and a JSON document out. `run_report` collects the reports.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

LEAST_STARTED = 0.98  # of the arrivals offered; as for a trial of the experiments
MOST_CPU_SHARE = 0.8  # of one core; as for a trial of the experiments


@dataclass(frozen=True, slots=True)
class ArrivalReport:
    """The arrivals of one process, over `seconds`. `complete` if it offered its whole share."""

    offered: int
    started: int
    shed: int
    seconds: float
    complete: bool
    began_at: float  # seconds since the epoch, by the clock of its machine


@dataclass(frozen=True, slots=True)
class ProcessReport:
    """One process that has simulated users. `lag_max_ms` is that of its event loop."""

    name: str
    users: int  # the most at a time
    cpu_seconds: float
    seconds: float
    lag_max_ms: float
    arrivals: ArrivalReport | None = None

    @classmethod
    def of(
        cls, name: str, generator: Mapping[str, Any], arrivals: Mapping[str, Any] | None
    ) -> Self:
        """Return the report of the values that a process sent."""
        return cls(name=name, **generator, arrivals=ArrivalReport(**arrivals) if arrivals else None)

    @property
    def cpu_share(self) -> float:
        """Return the CPU time of the process as a share of one core."""
        return self.cpu_seconds / self.seconds if self.seconds > 0 else 0.0


@dataclass(frozen=True, slots=True)
class RunSummary:
    """The sum over all processes.

    `lost` are the workers that went missing, whose last report is among the processes. `scheduled`
    is the number of arrivals in the whole schedule; None without arrivals, and for a run that was
    stopped before they had all been offered. `late` is how many final reports are missing.
    """

    processes: tuple[ProcessReport, ...]
    lost: tuple[str, ...] = ()
    scheduled: int | None = None
    late: int = 0

    @property
    def reported(self) -> ArrivalReport | None:
        """Return the arrivals that all processes reported; None if there were none."""
        each = self._arrivals
        if not each:
            return None
        return ArrivalReport(
            offered=sum(it.offered for it in each),
            started=sum(it.started for it in each),
            shed=sum(it.shed for it in each),
            seconds=max(it.seconds for it in each),
            complete=all(it.complete for it in each),
            began_at=min(it.began_at for it in each),
        )

    @property
    def _arrivals(self) -> list[ArrivalReport]:
        return [it.arrivals for it in self.processes if it.arrivals is not None]

    @property
    def offered(self) -> int:
        """Return the arrivals of the schedule, whether a worker reported them or not."""
        reported = self.reported.offered if self.reported else 0
        return reported if self.scheduled is None else self.scheduled

    @property
    def started_share(self) -> float:
        """Return the arrivals that were started as a share of those offered; 1 for none."""
        return self.reported.started / self.offered if self.reported and self.offered else 1.0

    def lines(self) -> list[str]:
        """Return what the processes did, a sentence each."""
        users = _added([it.users for it in self.processes])
        busiest = max(it.cpu_share for it in self.processes)
        lag = max(it.lag_max_ms for it in self.processes)
        found = [
            (
                f"Generators: {len(self.processes)}, with {users} users;"
                f" CPU use up to {busiest:.0%} of one core, event loop up to {lag:.0f} ms late."
            )
        ]
        reported = self.reported
        if reported is not None:
            seconds = max(reported.seconds, 1e-9)
            apart_ms = (max(it.began_at for it in self._arrivals) - reported.began_at) * 1000
            found.append(
                f"Arrivals: {self.offered} offered ({self.offered / seconds:.1f}/s),"
                f" {_added([it.started for it in self._arrivals])} started"
                f" ({reported.started / seconds:.1f}/s, {self.started_share:.2%}),"
                f" {reported.shed} shed; begun within {apart_ms:.0f} ms by their machines' clocks."
            )
        return found

    def problems(self) -> list[str]:
        """Return why the run isn't the load that was ordered, a sentence each; [] if it is."""
        found = []
        if self.lost:
            found.append(
                f"{len(self.lost)} of {len(self.processes)} workers went missing:"
                f" {', '.join(self.lost)}. The statistics lack what they would have done."
            )
        elif self.reported is not None and self.scheduled not in {None, self.reported.offered}:
            found.append(
                f"The shares of the workers add up to {self.reported.offered} arrivals,"
                f" and the schedule has {self.scheduled}."
            )
        if self.started_share < LEAST_STARTED:
            found.append(
                f"{self.started_share:.2%} of the arrivals offered were started, below"
                f" {LEAST_STARTED:.0%}: the target got less than the rate."
            )
        return found

    def warnings(self) -> list[str]:
        """Return what makes the figures doubtful, a sentence each."""
        found = []
        busy = [it for it in self.processes if it.cpu_share > MOST_CPU_SHARE]
        if busy:
            found.append(
                f"{len(busy)} of {len(self.processes)} generators used over {MOST_CPU_SHARE:.0%} of"
                " a core: latencies include theirs. Use more workers, on more cores."
            )
        if self.late:
            found.append(
                f"The last report of {self.late} workers is missing: the statistics may lack the"
                " last 3 s of them."
            )
        return found

    def to_json(self) -> dict[str, Any]:
        """Return the summary as JSON values."""
        return {
            "processes": [asdict(it) | {"cpu_share": it.cpu_share} for it in self.processes],
            "lost": list(self.lost),
            "scheduled": self.scheduled,
            "arrivals": None if self.reported is None else asdict(self.reported),
            "started_share": self.started_share,
            "problems": self.problems(),
            "warnings": self.warnings(),
        }


def _added(numbers: Sequence[int]) -> str:
    """Return a sum with its terms, such as "4 (2 + 2)"; the number alone if it is one."""
    if len(numbers) == 1:
        return str(numbers[0])
    return f"{sum(numbers)} ({' + '.join(map(str, numbers))})"
