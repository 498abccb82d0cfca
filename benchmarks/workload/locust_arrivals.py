"""Arrivals in stock Locust, in one process or shared out among its workers."""

import random
import time
from typing import Any

import gevent
from locust.env import Environment
from locust.rpc.protocol import Message
from locust.runners import MasterRunner, Runner, WorkerRunner

from benchmarks.workload.admission_queue import Line
from benchmarks.workload.arrivals import Arrival, arrival_times
from benchmarks.workload.slots import ArrivalUser, shedding

BEGIN, DONE = "arrivals-begin", "arrivals-done"
LOOK_SECONDS = 0.05


class Sharing:
    """Begins the arrivals when all slots are there, and ends the run after the last flow.

    Each worker that has slots makes an equal part of the rate. Independent Poisson processes add up
    to one of the summed rate (Kingman, Poisson Processes, 1993, section 2.2), so the target sees
    what it would see from one process. A local runner hands itself the messages that a master and
    its workers send each other.
    """

    def __init__(self, environment: Environment, runner: Runner, slot: type[ArrivalUser]) -> None:
        self._environment = environment
        self._runner = runner
        self._slot = slot
        self._parts = 0  # that aren't done yet
        self._running: gevent.Greenlet[..., None] | None = None
        if not isinstance(runner, WorkerRunner):
            runner.register_message(DONE, self._on_done)
            environment.events.spawning_complete.add_listener(self._share_out)
        if not isinstance(runner, MasterRunner):
            runner.register_message(BEGIN, self._on_begin)
        environment.events.test_start.add_listener(self._open)
        environment.events.test_stopping.add_listener(self._close)

    def _share_out(self, **_: object) -> None:
        if self._parts:
            return  # somebody changed the number of slots
        makers: list[str | None] = [None]
        if isinstance(self._runner, MasterRunner):
            makers = [it.id for it in self._runner.clients.all if it.user_count]
        self._parts = len(makers)
        for number, maker in enumerate(makers):
            part = {"rate": self._options.rate / len(makers), "number": number}
            self._runner.send_message(BEGIN, part, maker)

    def _on_begin(self, *, msg: Message, **_: object) -> None:
        self._running = gevent.spawn(self._run, msg.data["rate"], msg.data["number"])

    def _run(self, rate: float, number: int) -> None:
        while self._slot.line.free < self._runner.user_count:  # some sign up yet
            gevent.sleep(LOOK_SECONDS)
        rng = random.Random(f"{self._options.arrival_seed}-{number}")
        now = time.monotonic()
        times = arrival_times(rate, self._options.arrival_seconds, rng)
        self._slot.line.feed(Arrival(now + it) for it in times)
        self._slot.line.close()
        while self._runner.user_count:
            gevent.sleep(LOOK_SECONDS)
        self._runner.send_message(DONE)

    def _on_done(self, **_: object) -> None:
        self._parts -= 1
        if self._parts == 0:
            end = self._runner.quit if self._options.headless else self._runner.stop
            gevent.spawn(end)  # ends the greenlet that this runs in, too

    def _open(self, **_: object) -> None:
        self._parts = 0
        self._slot.line = Line(shedding(self._environment))

    def _close(self, **_: object) -> None:
        """Somebody stops the run: what waits is shed, what flows is Locust's to end."""
        if self._running is not None:
            self._running.kill()
        self._slot.line.give_up_waiting()
        self._slot.line.close()

    @property
    def _options(self) -> Any:
        return self._environment.parsed_options
