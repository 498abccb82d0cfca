"""What a process with users reports of itself: its CPU use, and the lag of its event loop.

A worker adds it to the statistics that it sends to its master every 3 seconds.
"""

import time
from typing import Any

from locust.env import Environment
from locust.runners import Runner

from benchmarks.workload.generator_health import GeneratorHealth

GENERATOR, ARRIVALS = "generator", "arrivals"  # what a process adds to its statistics


class OwnReport:
    """The report of this process, from the start of a test to its end."""

    def __init__(self, environment: Environment, runner: Runner) -> None:
        self._runner = runner
        self._health: GeneratorHealth | None = None
        self._sampled_at = 0.0
        self._values: dict[str, Any] = {}
        environment.events.test_start.add_listener(self._begin)
        environment.events.spawning_complete.add_listener(self._sample)
        environment.events.test_stopping.add_listener(self._end)
        environment.events.report_to_master.add_listener(self._report)

    def _begin(self, **_: object) -> None:
        self._values = {"users": 0, "cpu_seconds": 0.0, "seconds": 0.0, "lag_max_ms": 0.0}
        self._health = GeneratorHealth()
        self._health.run()
        self._health.start()
        self._sampled_at = time.monotonic()

    def _sample(self, **_: object) -> None:
        if self._health is None:
            return
        now, reading, values = time.monotonic(), self._health.read(), self._values
        values["users"] = max(values["users"], self._runner.user_count)
        values["cpu_seconds"] += reading.cpu_ms / 1000
        values["seconds"] += now - self._sampled_at
        values["lag_max_ms"] = max(values["lag_max_ms"], reading.lag_max_ms)
        self._sampled_at = now
        self._health.start()

    def _end(self, **_: object) -> None:
        self._sample()
        if self._health is not None:
            self._health.stop()
            self._health = None

    def _report(self, *, data: dict[str, Any], **_: object) -> None:
        self._sample()
        if self._values:
            data[GENERATOR] = dict(self._values)
