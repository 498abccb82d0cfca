"""The generator: a process that runs a schedule of load and prints an event at each mark.

It prints one JSON object a line: `prepared`, then for each step `window-start` and `window-end`,
`progress` in between, and `drained` last. The harness samples the target at the marks; the rows
have the same clock, so the figures don't depend on how fast a mark is read.
"""

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from locust import events
from locust.env import Environment

from benchmarks.workload.accounts import SharedAccounts
from benchmarks.workload.api import load_api
from benchmarks.workload.api_users import users_of
from benchmarks.workload.generator_health import GeneratorHealth
from benchmarks.workload.keeper import Keeper
from benchmarks.workload.load import LevelUser, Load, SlotUser, accounts_needed
from benchmarks.workload.rows import RowWriter
from benchmarks.workload.schedule import Schedule
from benchmarks.workload.schedule_runner import ScheduleRunner
from benchmarks.workload.tally import Tally

DRAIN_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Order:
    """The parameters of one run. `seed` is that of the arrivals of open steps.

    `api` names another API than the image flow, as `api.load_api` takes it.
    """

    host: str
    schedule: Schedule
    rows: Path
    image: Path
    seed: int
    api: str = ""


def run(order: Order) -> None:
    """Run the schedule; return when every accepted submission is final or timed out."""
    writer = RowWriter(order.rows)
    tally = Tally(writer)
    events.request.add_listener(tally.on_request)
    level_user, slot_user, keeper_user = LevelUser, SlotUser, Keeper
    if order.api:
        level_user, slot_user, keeper_user = users_of(load_api(order.api))
    for kind in (level_user, slot_user, keeper_user):
        kind.host = order.host
    environment = Environment(
        user_classes=[level_user, slot_user],
        host=order.host,
        events=events,
        stop_timeout=DRAIN_SECONDS,
        parsed_options=_Options(image=str(order.image)),
    )
    runner = environment.create_local_runner()
    health = GeneratorHealth()
    try:
        keeper = keeper_user(environment)
        keeper.prepare()
        accounts = SharedAccounts(accounts_needed(order.schedule))
        made = accounts.fill(keeper.open_account)
        _emit("prepared", accounts=len(made))
        health.run()
        load = Load(runner, accounts, seed=order.seed, level_user=level_user, slot_user=slot_user)
        ScheduleRunner(order.schedule, load, tally, health, _emit).run()
        tally.enter(time.monotonic(), "drain")
        load.close()
        account_submissions = keeper.count_submissions(made)
        writer.flush()
        _emit(
            "drained",
            accepted=len(tally.accepted),
            succeeded=len(tally.succeeded),
            unfinished=sorted(tally.accepted - tally.succeeded),
            answers_lost=tally.responses_lost,
            errors=tally.errors,
            shed=tally.shed,
            account_submissions=account_submissions,
            wall_drift_ms=health.wall_drift_ms,
            target_clock_skew_ms=tally.target_clock_skew_ms,
        )
    finally:
        health.stop()
        writer.close()


@dataclass(frozen=True, slots=True)
class _Options:
    image: str
    stop_timeout: float = DRAIN_SECONDS


def _emit(event: str, **fields: Any) -> None:
    sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
    sys.stdout.flush()
