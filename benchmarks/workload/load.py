"""The users of each step: closed ones, or slots for the arrivals of an open step."""

import random
import time
from collections.abc import Sequence
from typing import ClassVar

import gevent
from locust.runners import LocalRunner

from benchmarks.workload.accounts import Account, SharedAccounts
from benchmarks.workload.admission_queue import AdmissionQueue
from benchmarks.workload.arrivals import (
    MIX,
    SUBMIT,
    Arrival,
    Counts,
    arrival_times,
    conditioned_times,
    count,
    even_features,
    features,
)
from benchmarks.workload.schedule import Schedule, Step
from benchmarks.workload.slots import MOST_ACCOUNTS, ArrivalUser, report_shed
from benchmarks.workload.users import CapacityUser, FlowUser

SLOTS = 64


class LevelUser(CapacityUser):
    """The capacity user with prepared accounts: no password is hashed in a window."""

    accounts: ClassVar[SharedAccounts]

    def open_account(self) -> Account:
        """Return the shared account whose turn it is."""
        return self.accounts.take(super().open_account)


class SlotUser(ArrivalUser):
    """A slot with prepared accounts; several flows at a time share one account."""


def accounts_needed(schedule: Schedule) -> int:
    """Return the accounts to prepare: one for each closed user, a few for all slots."""
    return max(
        schedule.most_users, MOST_ACCOUNTS if any(step.is_open for step in schedule.steps) else 0
    )


class Load:
    """The load of the current step. No flow is cut off: a stopped user ends its flow first.

    So the last flows of a closed step run on into the warm-up of the next one, and so do those
    arrivals of an open step that have a slot; those that still wait for one are shed.
    """

    def __init__(
        self,
        runner: LocalRunner,
        accounts: SharedAccounts,
        *,
        seed: int,
        level_user: type[LevelUser] = LevelUser,
        slot_user: type[SlotUser] = SlotUser,
    ) -> None:
        self._runner = runner
        self._level_user, self._slot_user = level_user, slot_user
        self._seed = seed
        self._queue = AdmissionQueue(report_shed(runner.environment))
        self._users: list[FlowUser] = []
        self._arrivals: list[Arrival] = []
        self._feeding: list[gevent.Greenlet[..., None]] = []
        LevelUser.accounts = SlotUser.accounts = accounts

    def enter(self, index: int, step: Step, *, until: float) -> None:
        """Begin a step, whose warm-up lasts until a time of the monotonic clock."""
        self._end_feeding()
        self._arrivals = []
        if not step.is_open:
            self._keep(self._level_user, step.users)
            return
        if not isinstance(next(iter(self._users), None), SlotUser):
            self._queue = SlotUser.queue = AdmissionQueue(report_shed(self._runner.environment))
        SlotUser.persistent = step.persistent
        self._keep(self._slot_user, SLOTS)
        name = f"{self._seed}-{index}-warm-up"  # independent of all other steps
        now = time.monotonic()
        times = arrival_times(step.rate, until - now, random.Random(name))
        self._feed(step, [now + at for at in times], name)

    def begin_window(self, index: int, step: Step, *, until: float) -> None:
        """Begin the step's window, which lasts until a time of the monotonic clock.

        An open one is offered exactly the step's `arrivals`. They are drawn from now on, so that
        none is missing from a window that begins late. The warm-up's last ones still come.
        """
        if not step.is_open:
            return
        name = f"{self._seed}-{index}-window"
        now = time.monotonic()
        times = conditioned_times(step.arrivals, max(0.0, until - now), random.Random(name))
        self._feed(step, [now + at for at in times], name)

    def _feed(self, step: Step, times: Sequence[float], name: str) -> None:
        """Let arrivals come at these times. `name` seeds the features of mixed ones.

        They have a generator of random numbers of their own, so that they don't depend on how many
        numbers the times took.
        """
        rng, drawn = random.Random(f"{name}-features"), [SUBMIT] * len(times)
        if step.mixed:
            is_drawn_one_by_one = not (step.even or step.group)
            drawn = (
                features(len(times), rng)
                if is_drawn_one_by_one
                else even_features(len(times), rng, step.group or tuple(MIX))
            )
        arrivals = [Arrival(at, feature) for at, feature in zip(times, drawn, strict=True)]
        self._arrivals += arrivals
        self._feeding.append(gevent.spawn(self._queue.feed, arrivals))

    def leave(self, start: float, end: float) -> Counts:
        """End a step; return the outcomes of the arrivals of its window, `start` to `end`."""
        self._end_feeding()
        return count(self._arrivals, start, end)

    def close(self) -> None:
        """Begin no more flows; return when every flow has ended or timed out."""
        self._end_feeding()
        self._queue.close()
        self._runner.stop()

    def _end_feeding(self) -> None:
        """End the arrivals and shed those that wait: the next step has its own load."""
        for feeding in self._feeding:
            feeding.kill()
        self._feeding = []
        self._queue.shed_waiting()

    def _keep(self, kind: type[FlowUser], number: int) -> None:
        """Keep or spawn `number` users of this kind, and stop all others."""
        kept = [user for user in self._users if isinstance(user, kind)][:number]
        if kind is not self._slot_user:
            self._queue.close()  # a slot ends where its next arrival would begin
        for user in self._users:
            if user not in kept and not isinstance(user, SlotUser):
                user.stop()
        spawned = self._runner.spawn_users({kind.__name__: number - len(kept)})
        self._users = [*kept, *spawned]
