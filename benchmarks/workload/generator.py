"""The generator: one process that steps through closed-loop levels and tells its starter each mark.

It prints one JSON object a line: `prepared`, then for each level `window-start` and `window-end`,
`progress` in between, and `drained` last. Who samples the target does so at the marks; the rows
carry the same clock, so nothing hangs on how fast a mark is read.
"""

import itertools
import json
import sys
import time
from collections import deque
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

import gevent
from locust import events
from locust.env import Environment
from locust.runners import LocalRunner

from benchmarks.workload import tasks
from benchmarks.workload.rows import RowWriter
from benchmarks.workload.schedule import Schedule, Step
from benchmarks.workload.shapes import SPAWN_RATE
from benchmarks.workload.tally import Tally
from benchmarks.workload.tasks import Account
from benchmarks.workload.users import CapacityUser
from benchmarks.workload.watch import SelfWatch

SPARE_ACCOUNTS = 2  # Locust replaces a user that stopped itself
PROGRESS_SECONDS = 0.5
DRAIN_SECONDS = 60.0


class LevelUser(CapacityUser):
    """The capacity user, with accounts made beforehand: no password is hashed in a window."""

    accounts: ClassVar[deque[Account]] = deque()

    def open_account(self) -> Account:
        """Take an account that is ready."""
        return self.accounts.popleft() if self.accounts else super().open_account()


@dataclass(frozen=True, slots=True)
class Order:
    """What a generator is asked to do."""

    host: str
    schedule: Schedule
    rows: Path
    image: Path


def run(order: Order) -> None:
    """Carry out the order; returns when every accepted submission is final, or was given up."""
    writer = RowWriter(order.rows)
    tally = Tally(writer)
    events.request.add_listener(tally.on_request)
    options = _Options(image=str(order.image))
    LevelUser.host = order.host
    environment = Environment(
        user_classes=[LevelUser],
        host=order.host,
        events=events,
        stop_timeout=DRAIN_SECONDS,
        parsed_options=options,
    )
    runner = environment.create_local_runner()
    watch = SelfWatch()
    try:
        _prepare(environment, max(order.schedule.levels) + SPARE_ACCOUNTS)
        _emit("prepared", accounts=len(LevelUser.accounts))
        watch.run()
        _step_through(order.schedule, runner, tally, watch)
        tally.phase, tally.step_users = "drain", 0
        runner.stop()  # each user ends its flow first
        writer.flush()
        _emit(
            "drained",
            accepted=len(tally.accepted),
            succeeded=len(tally.succeeded),
            unfinished=sorted(tally.accepted - tally.succeeded),
            answers_lost=tally.answers_lost,
            errors=tally.errors,
        )
    finally:
        watch.stop()
        writer.close()


@dataclass(frozen=True, slots=True)
class _Options:
    image: str
    stop_timeout: float = DRAIN_SECONDS


def _prepare(environment: Environment, count: int) -> None:
    """Make the accounts, one after another: a sign-up is dear, and none of this is measured."""
    user = LevelUser(environment)
    for _ in range(count):
        LevelUser.accounts.append(tasks.sign_up(user.client))


def _step_through(schedule: Schedule, runner: LocalRunner, tally: Tally, watch: SelfWatch) -> None:
    began = time.monotonic()
    last: Step | None = None
    for tick in itertools.count():
        step = schedule.at(time.monotonic() - began)
        if step != last:
            _cross(last, step, runner, tally, watch)
            last = step
        if step is None:
            return
        if tick % 10 == 0:
            _emit(
                "progress",
                users=step.users,
                measured=step.measured,
                elapsed_seconds=round(time.monotonic() - began, 3),
                accepted=len(tally.accepted),
                succeeded=len(tally.succeeded),
                errors=tally.errors,
            )
        gevent.sleep(PROGRESS_SECONDS / 10)


def _cross(
    last: Step | None, step: Step | None, runner: LocalRunner, tally: Tally, watch: SelfWatch
) -> None:
    """Go from one part of the schedule to the next."""
    if last is not None and last.measured:
        _emit("window-end", users=last.users, at=time.monotonic(), **asdict(watch.read()))
    if step is None:
        return
    tally.phase = "window" if step.measured else "warm-up"
    tally.step_users = step.users
    if step.measured:
        watch.start()
        _emit("window-start", users=step.users, at=time.monotonic())
    if last is None or last.users != step.users:
        runner.start(step.users, spawn_rate=SPAWN_RATE)


def _emit(event: str, **fields: Any) -> None:
    sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
    sys.stdout.flush()
