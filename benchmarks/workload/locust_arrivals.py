"""Arrivals in stock Locust, in one process or distributed over its workers."""

import random
import time
from typing import Any

import gevent
from locust.env import Environment
from locust.rpc.protocol import Message
from locust.runners import MasterRunner, Runner, WorkerRunner

from benchmarks.workload.admission_queue import AdmissionQueue
from benchmarks.workload.arrivals import Arrival, arrival_times
from benchmarks.workload.slots import ArrivalUser, report_shed

BEGIN, DONE = "arrivals-begin", "arrivals-done"
POLL_SECONDS = 0.05


class LocustArrivals:
    """Begins the arrivals when all slots have started; ends the run after the last flow.

    Each worker that has slots generates an equal share of the rate. Independent Poisson processes
    add up to one of the summed rate (Kingman, Poisson Processes, 1993, section 2.2), so the target
    sees the same as from one process. A local runner sends itself the messages that a master and
    its workers send each other.
    """

    def __init__(self, environment: Environment, runner: Runner, slot: type[ArrivalUser]) -> None:
        self._environment = environment
        self._runner = runner
        self._slot = slot
        self._unfinished = 0  # generators of arrivals that aren't done
        self._running: gevent.Greenlet[..., None] | None = None
        if not isinstance(runner, WorkerRunner):
            runner.register_message(DONE, self._on_done)
            environment.events.spawning_complete.add_listener(self._distribute)
        if not isinstance(runner, MasterRunner):
            runner.register_message(BEGIN, self._on_begin)
        environment.events.test_start.add_listener(self._open)
        environment.events.test_stopping.add_listener(self._close)

    def _distribute(self, **_: object) -> None:
        if self._unfinished:
            return  # the number of slots was changed during a run
        workers: list[str | None] = [None]
        if isinstance(self._runner, MasterRunner):
            workers = [node.id for node in self._runner.clients.all if node.user_count]
        self._unfinished = len(workers)
        for number, worker in enumerate(workers):
            share = {"rate": self._options.rate / len(workers), "number": number}
            self._runner.send_message(BEGIN, share, worker)

    def _on_begin(self, *, msg: Message, **_: object) -> None:
        self._running = gevent.spawn(self._run, msg.data["rate"], msg.data["number"])

    def _run(self, rate: float, number: int) -> None:
        while self._slot.queue.free < self._runner.user_count:  # some still sign up
            gevent.sleep(POLL_SECONDS)
        rng = random.Random(f"{self._options.arrival_seed}-{number}")
        now = time.monotonic()
        times = arrival_times(rate, self._options.arrival_seconds, rng)
        self._slot.queue.feed(Arrival(now + at) for at in times)
        self._slot.queue.close()
        while self._runner.user_count:
            gevent.sleep(POLL_SECONDS)
        self._runner.send_message(DONE)

    def _on_done(self, **_: object) -> None:
        self._unfinished -= 1
        if self._unfinished == 0:
            end = self._runner.quit if self._options.headless else self._runner.stop
            gevent.spawn(end)  # ends the greenlet that this runs in, too

    def _open(self, **_: object) -> None:
        self._unfinished = 0
        self._slot.queue = AdmissionQueue(report_shed(self._environment))

    def _close(self, **_: object) -> None:
        """Shed the waiting arrivals of a stopped run; Locust ends the flows under way."""
        if self._running is not None:
            self._running.kill()
        self._slot.queue.shed_waiting()
        self._slot.queue.close()

    @property
    def _options(self) -> Any:
        return self._environment.parsed_options
