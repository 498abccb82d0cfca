"""What is started together, and when: a suite by itself, or all suites on one target."""

from collections.abc import Iterable
from dataclasses import dataclass

from suites import Suite, TargetKind

# Cores that the running suites may use together, by the table's figures. With more, time limits run
# out before what they are meant to limit.
CORES = 2.2
# Deploying a target and stopping it
DEPLOYMENT_SECONDS = 12.0
DEPLOYMENT_CPU_SECONDS = 12.0


@dataclass(frozen=True)
class Job:
    """One suite, or several that run one after the other on one target."""

    suites: tuple[Suite, ...]
    target: TargetKind | None = None

    @property
    def names(self) -> frozenset[str]:
        """Return the suites' names."""
        return frozenset(suite.name for suite in self.suites)

    @property
    def after(self) -> frozenset[str]:
        """Return the names of suites of other jobs that must be done before."""
        return frozenset(name for suite in self.suites for name in suite.after) - self.names

    @property
    def seconds(self) -> float:
        """Return about how long it takes by itself."""
        around = 0.0 if self.target is None else DEPLOYMENT_SECONDS
        return around + sum(suite.seconds for suite in self.suites)

    @property
    def cores(self) -> float:
        """Return about how much of the cores it uses while it runs, such as 0.3."""
        around = 0.0 if self.target is None else DEPLOYMENT_CPU_SECONDS
        return (around + sum(suite.cpu_seconds for suite in self.suites)) / self.seconds


def jobs_of(suites: Iterable[Suite]) -> list[Job]:
    """Return the jobs of some suites: those of the same kind of target are one, in their order."""
    found: list[Job] = []
    on_target: dict[TargetKind, list[Suite]] = {}
    for suite in suites:
        if suite.target is None:
            found.append(Job((suite,)))
        else:
            on_target.setdefault(suite.target, []).append(suite)
    return found + [Job(tuple(members), kind) for kind, members in on_target.items()]


class Schedule:
    """Which job starts next: the longest for which those that run leave room."""

    def __init__(self, jobs: Iterable[Job]) -> None:
        self._waiting = sorted(jobs, key=lambda job: -job.seconds)
        self._running: list[Job] = []

    def take(self) -> Job | None:
        """Return the next job to start, which then runs; None if it is better to wait."""
        unfinished = {name for job in (*self._waiting, *self._running) for name in job.names}
        taken = sum(job.cores for job in self._running)
        for job in self._waiting:
            has_room = not self._running or taken + job.cores <= CORES
            if has_room and not unfinished & job.after:
                self._waiting.remove(job)
                self._running.append(job)
                return job
        return None

    def end(self, job: Job) -> None:
        """Note that a job is done."""
        self._running.remove(job)
