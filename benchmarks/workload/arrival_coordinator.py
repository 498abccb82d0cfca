"""Coordinates the arrivals of all workers: distributes, starts them together, ends the run."""

from dataclasses import asdict
from typing import Any

import gevent
from locust.env import Environment
from locust.rpc.protocol import Message
from locust.runners import MasterRunner, Runner

from benchmarks.workload.arrival_messages import BEGIN, DONE, READY, START
from benchmarks.workload.arrivals import Share
from benchmarks.workload.run_report import LOCAL, is_lost

POLL_SECONDS = 0.5


class ArrivalCoordinator:
    """The part of a master, or of a local runner, which has itself as its only worker.

    A worker that the master loses is left out: the others start without it, or the run ends
    without it. Its share of the arrivals is missing then, which the report of the run states.
    """

    def __init__(self, environment: Environment, runner: Runner) -> None:
        self._environment = environment
        self._runner = runner
        self._unready: set[str] = set()
        self._unfinished: set[str] = set()
        self._watching: gevent.Greenlet[..., None] | None = None
        runner.register_message(READY, self._on_ready)
        runner.register_message(DONE, self._on_done)
        environment.events.spawning_complete.add_listener(self._distribute)
        environment.events.test_stopping.add_listener(self._forget_all)

    def _distribute(self, **_: object) -> None:
        if self._unfinished:
            return  # the number of slots was changed during a run
        workers = [LOCAL]
        if isinstance(self._runner, MasterRunner):
            workers = [node.id for node in self._runner.clients.all if node.user_count]
            self._watching = gevent.spawn(self._watch, self._runner)
        self._unready, self._unfinished = set(workers), set(workers)
        for number, worker in enumerate(workers):
            self._send(BEGIN, worker, asdict(Share(number, len(workers))))

    def _send(self, message: str, worker: str, data: dict[str, Any] | None = None) -> None:
        self._runner.send_message(message, data, None if worker == LOCAL else worker)

    def _on_ready(self, *, msg: Message, **_: object) -> None:
        self._count_ready(msg.node_id)

    def _count_ready(self, worker: str) -> None:
        if worker not in self._unready:
            return
        self._unready.discard(worker)
        if not self._unready:
            for each in sorted(self._unfinished):
                self._send(START, each)

    def _on_done(self, *, msg: Message, **_: object) -> None:
        self._count_done(msg.node_id)

    def _count_done(self, worker: str) -> None:
        if worker not in self._unfinished:
            return
        self._unfinished.discard(worker)
        if not self._unfinished:
            is_headless = vars(self._environment.parsed_options)["headless"]
            # In a greenlet of its own, since it ends the one that this runs in
            gevent.spawn(self._runner.quit if is_headless else self._runner.stop)

    def _watch(self, runner: MasterRunner) -> None:
        while self._unfinished:
            gevent.sleep(POLL_SECONDS)
            for worker in sorted(self._unfinished):
                if is_lost(runner, worker):
                    self._count_done(worker)
                    self._count_ready(worker)

    def _forget_all(self, **_: object) -> None:
        """End with the test, whatever ended it."""
        self._unready, self._unfinished = set(), set()
        if self._watching is not None:
            self._watching.kill(block=False)
