"""Cores that processes share, for SimPy: equal shares for processes, then for a process's jobs.

A runnable process has the same share of the cores as any other one, and one core at most, as the
kernel's fair scheduler gives it. A process of Python computes for one request at a time, so its
jobs divide its share. A server with many threads is as many processes as it has jobs. This is
processor sharing (Kleinrock, Queueing Systems II, 4.4) on two levels.
"""

import math
from dataclasses import dataclass

from simpy import Environment, Event

SMALLEST_MS = 1e-9  # what rounding leaves of a job
ROUNDINGS = 4  # of the time, in the course of a job


@dataclass(slots=True)
class _Job:
    remaining_ms: float
    done: Event


class Machine:
    """So many cores, with the jobs that compute on them. Times are milliseconds."""

    def __init__(self, environment: Environment, cores: int) -> None:
        """Start with nothing to compute."""
        self._environment = environment
        self._cores = cores
        self._jobs: dict[str, list[_Job]] = {}
        self._since = environment.now
        self._turn = 0
        self.busy_ms = 0.0

    def compute(self, process: str, cpu_ms: float) -> Event:
        """Return the event of a job's end, which needs so much CPU time of a process."""
        done = self._environment.event()
        if cpu_ms <= SMALLEST_MS:
            return done.succeed()
        self._advance()
        self._jobs.setdefault(process, []).append(_Job(cpu_ms, done))
        self._schedule()
        return done

    def _share(self) -> float:
        """Return the cores that each process with jobs has."""
        return min(1.0, self._cores / len(self._jobs))

    def _advance(self) -> None:
        """Subtract what was computed since the last change."""
        elapsed = self._environment.now - self._since
        self._since = self._environment.now
        if not self._jobs or not elapsed:
            return
        share = self._share()
        self.busy_ms += elapsed * share * len(self._jobs)
        for jobs in self._jobs.values():
            computed = elapsed * share / len(jobs)
            for job in jobs:
                job.remaining_ms -= computed

    def _schedule(self) -> None:
        """Wake up when the next job ends, unless another change comes first."""
        self._turn += 1
        if not self._jobs:
            return
        turn, share = self._turn, self._share()
        soonest = min(
            min(job.remaining_ms for job in jobs) * len(jobs) for jobs in self._jobs.values()
        )
        timeout = self._environment.timeout(max(0.0, soonest / share))
        timeout.callbacks.append(lambda _: self._end(turn))

    def _end(self, turn: int) -> None:
        if turn != self._turn:
            return
        self._advance()
        # The later it is, the more a time is rounded: a rest below that would never end.
        rest_ms = SMALLEST_MS + ROUNDINGS * math.ulp(self._environment.now)
        for process, jobs in list(self._jobs.items()):
            left = [job for job in jobs if job.remaining_ms > rest_ms]
            for job in jobs:
                if job.remaining_ms <= rest_ms:
                    job.done.succeed()
            if left:
                self._jobs[process] = left
            else:
                del self._jobs[process]
        self._schedule()
