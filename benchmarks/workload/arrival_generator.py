"""Generates the arrivals of one Locust process: a worker's share, or all of a local run."""

import time
from typing import Any

import gevent
from gevent.event import Event
from locust.env import Environment
from locust.rpc.protocol import Message
from locust.runners import Runner

from benchmarks.workload.admission_queue import AdmissionQueue
from benchmarks.workload.arrival_counter import ArrivalCounter
from benchmarks.workload.arrival_messages import BEGIN, DONE, READY, START
from benchmarks.workload.arrivals import Arrival, Share, scheduled_times
from benchmarks.workload.own_report import ARRIVALS
from benchmarks.workload.slots import ArrivalUser, report_shed

POLL_SECONDS = 0.05


class ArrivalGenerator:
    """Listens to a runner's messages, and adds its counts to each report of the process."""

    def __init__(self, environment: Environment, runner: Runner, slot: type[ArrivalUser]) -> None:
        self._environment = environment
        self._runner = runner
        self._slot = slot
        self._running: gevent.Greenlet[..., None] | None = None
        self._start = Event()
        self._counter: ArrivalCounter | None = None
        self._began_wall = 0.0
        runner.register_message(BEGIN, self._on_begin)
        runner.register_message(START, self._on_start)
        environment.events.test_start.add_listener(self._open)
        environment.events.test_stopping.add_listener(self._close)
        environment.events.report_to_master.add_listener(self._report)

    def _open(self, **_: object) -> None:
        self._start = Event()
        self._counter = None
        self._slot.queue = AdmissionQueue(report_shed(self._environment))

    def _on_begin(self, *, msg: Message, **_: object) -> None:
        self._running = gevent.spawn(self._run, Share(**msg.data))

    def _on_start(self, **_: object) -> None:
        self._start.set()

    def _run(self, share: Share) -> None:
        while self._slot.queue.free < self._runner.user_count:  # some still sign up
            gevent.sleep(POLL_SECONDS)
        self._runner.send_message(READY)
        self._start.wait()
        options: Any = self._environment.parsed_options
        began, self._began_wall = time.monotonic(), time.time()
        self._counter = ArrivalCounter(began, options.arrival_seconds)
        times = scheduled_times(options.rate, options.arrival_seconds, options.arrival_seed)
        arrivals = (Arrival(began + at) for at in share.of(times))
        self._slot.queue.feed(self._counter.watch(arrivals))
        self._slot.queue.close()
        while self._runner.user_count:
            gevent.sleep(POLL_SECONDS)
        self._runner.send_message(DONE)

    def _close(self, **_: object) -> None:
        """Shed the waiting arrivals of a stopped run; Locust ends the flows under way."""
        if self._running is not None:
            self._running.kill()
        if self._counter is not None:
            self._counter.stop(time.monotonic())
        self._slot.queue.shed_waiting()
        self._slot.queue.close()

    def _report(self, *, data: dict[str, Any], **_: object) -> None:
        if self._counter is None:
            return
        now = time.monotonic()
        counts = self._counter.counts(now)
        data[ARRIVALS] = {
            "offered": counts.offered,
            "started": counts.started,
            "shed": counts.shed,
            "seconds": self._counter.seconds(now),
            "complete": self._counter.complete,
            "began_at": self._began_wall,
        }
