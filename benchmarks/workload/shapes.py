"""Load in rising steps, as a Locust load shape."""

import time
from typing import ClassVar

from locust import LoadTestShape

from benchmarks.workload.schedule import Schedule

SPAWN_RATE = 100.0  # users a second: immediate for the numbers that a step adds


class SteppedUsers(LoadTestShape):
    """A Locust load shape of a `Schedule` of closed steps; a Locust file subclasses it."""

    abstract = True
    schedule: ClassVar[Schedule]

    def tick(self) -> tuple[int, float] | None:
        """Return the current users and spawn rate, or None to stop."""
        moment = self.schedule.at(time.perf_counter() - self.start_time)
        return None if moment is None else (moment.step.users, SPAWN_RATE)
