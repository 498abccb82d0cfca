"""The report of a run, in every Locust file: one for all workers, at the end of the log.

Each process that has users adds its CPU use, the lag of its event loop and its arrivals to the
statistics that a worker sends to the master every 3 seconds. The master adds them up when the run
ends; a run that isn't distributed does the same with itself. With a problem (see `run_summary`)
Locust's exit status is 1.
"""

import json
import logging
import time
from pathlib import Path
from typing import Any

import gevent
from locust import events
from locust.env import Environment
from locust.runners import (
    STATE_MISSING,
    STATE_RUNNING,
    STATE_SPAWNING,
    WORKER_REPORT_INTERVAL,
    MasterRunner,
    Runner,
    WorkerRunner,
)

from benchmarks.workload.arrivals import scheduled_times
from benchmarks.workload.own_report import ARRIVALS, GENERATOR, OwnReport
from benchmarks.workload.run_summary import ProcessReport, RunSummary

LOCAL = "local"  # the only process of a run that isn't distributed
POLL_SECONDS = 0.5
_log = logging.getLogger(__name__)


def is_lost(runner: MasterRunner, worker: str) -> bool:
    """Return whether a master has lost a worker: it is gone, or has sent nothing for 4 s."""
    node = runner.clients.get(worker)
    return node is None or node.state == STATE_MISSING


class RunReport:
    """The report of a master, or of a run that isn't distributed."""

    def __init__(self, environment: Environment, runner: Runner) -> None:
        self._environment = environment
        self._runner = runner
        self._users: dict[str, int] = {}  # the most at a time, of each worker that had some
        self._reports: dict[str, ProcessReport] = {}
        self._reported_at: dict[str, float] = {}
        self._stopping_at = float("inf")
        self._lost: list[str] = []
        self._watching: gevent.Greenlet[..., None] | None = None
        environment.events.test_start.add_listener(self._begin)
        environment.events.spawning_complete.add_listener(self._note_users)
        environment.events.worker_report.add_listener(self._collect)
        environment.events.test_stopping.add_listener(self._stop)
        environment.events.test_stop.add_listener(self._finish_in_web_ui)
        environment.events.quitting.add_listener(self._finish)

    @property
    def _options(self) -> dict[str, Any]:
        return vars(self._environment.parsed_options)

    def _begin(self, **_: object) -> None:
        self._users, self._reports, self._reported_at, self._lost = {}, {}, {}, []
        self._stopping_at = float("inf")
        if isinstance(self._runner, MasterRunner):
            self._watching = gevent.spawn(self._watch, self._runner)

    def _collect(self, *, client_id: str, data: dict[str, Any], **_: object) -> None:
        generator = data.get(GENERATOR)
        if generator and generator["users"]:
            report = ProcessReport.of(client_id, generator, data.get(ARRIVALS))
            self._reports[client_id] = report
            self._reported_at[client_id] = time.monotonic()

    def _note_users(self, **_: object) -> None:
        if isinstance(self._runner, MasterRunner):
            for node in self._runner.clients.all:
                if node.user_count:
                    self._users[node.id] = max(node.user_count, self._users.get(node.id, 0))

    def _watch(self, runner: MasterRunner) -> None:
        while True:
            gevent.sleep(POLL_SECONDS)
            self._note_users()
            self._find_lost(runner)

    def _find_lost(self, runner: MasterRunner) -> None:
        for worker in self._users:
            if worker not in self._lost and is_lost(runner, worker):
                self._lost.append(worker)
                _log.error("Worker %s went missing during the run.", worker)

    def _stop(self, **_: object) -> None:
        self._stopping_at = time.monotonic()
        if self._watching is not None and isinstance(self._runner, MasterRunner):
            self._watching.kill(block=False)
            self._find_lost(self._runner)
            # Locust stops the test with its last worker, and then waits for the run's longest time.
            if self._options["headless"] and self._users and self._users.keys() <= set(self._lost):
                gevent.spawn(self._runner.quit)

    def _finish_in_web_ui(self, **_: object) -> None:
        """Report when the workers have sent their last statistics; the process goes on."""
        if not self._options["headless"]:
            gevent.spawn_later(WORKER_REPORT_INTERVAL + 1, self._report)

    def _finish(self, **_: object) -> None:
        if not self._options["headless"]:
            return
        was_running = self._runner.state in {STATE_SPAWNING, STATE_RUNNING}  # until a SIGTERM
        if isinstance(self._runner, MasterRunner) and was_running:
            self._runner.quit()
        self._report()

    def _report(self) -> None:
        if not isinstance(self._runner, MasterRunner):
            data: dict[str, Any] = {}
            self._environment.events.report_to_master.fire(client_id=LOCAL, data=data)
            self._collect(client_id=LOCAL, data=data)
        if not self._reports and not self._lost:
            return  # no test has run
        summary = self._summary()
        for line in summary.lines():
            _log.info(line)
        for line in summary.warnings():
            _log.warning(line)
        for line in summary.problems():
            _log.error(line)
        if summary.problems() and self._environment.process_exit_code is None:
            self._environment.process_exit_code = 1
        if name := self._options.get("report_file"):
            file = Path(name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(summary.to_json(), indent=1) + "\n")

    def _summary(self) -> RunSummary:
        is_late = self._options["headless"] and isinstance(self._runner, MasterRunner)
        late = [
            worker
            for worker in self._users
            if is_late
            and worker not in self._lost
            and self._reported_at.get(worker, 0.0) < self._stopping_at
        ]
        unreported = [  # lost before they sent anything
            ProcessReport(worker, users, 0.0, 0.0, 0.0)
            for worker, users in self._users.items()
            if worker not in self._reports
        ]
        return RunSummary(
            processes=(*self._reports.values(), *unreported),
            lost=tuple(self._lost),
            scheduled=self._scheduled(),
            late=len(late),
        )

    def _scheduled(self) -> int | None:
        """Return the number of arrivals in the whole schedule if it was offered to its end."""
        kept = [it.arrivals for name, it in self._reports.items() if name not in self._lost]
        if not kept or not all(it is not None and it.complete for it in kept):
            return None
        options = self._options
        times = scheduled_times(
            options["rate"], options["arrival_seconds"], options["arrival_seed"]
        )
        return sum(1 for _ in times)


def _discard_earlier(name: str) -> None:
    """Remove the report of an earlier run: a run that fails to start writes none of its own."""
    file = Path(name)
    if file.is_file() and not file.is_symlink():  # no link, as /dev/stdout is
        file.unlink()


def _on_init(environment: Environment, runner: Runner, **_: object) -> None:
    if not isinstance(runner, MasterRunner):
        OwnReport(environment, runner)
    if not isinstance(runner, WorkerRunner):
        RunReport(environment, runner)
        _discard_earlier(getattr(environment.parsed_options, "report_file", ""))


events.init.add_listener(_on_init)
