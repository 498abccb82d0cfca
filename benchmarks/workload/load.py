"""The users that a step needs: closed ones, or slots to which arrivals are given."""

import random
import time
from typing import ClassVar

import gevent
from locust.runners import LocalRunner

from benchmarks.workload.accounts import Account, SharedAccounts
from benchmarks.workload.arrivals import (
    EVEN,
    MIX,
    SUBMIT,
    Arrival,
    Counts,
    arrival_times,
    count,
    features,
)
from benchmarks.workload.line import Line
from benchmarks.workload.schedule import Schedule, Step
from benchmarks.workload.slots import MOST_ACCOUNTS, ArrivalUser, shedding
from benchmarks.workload.users import CapacityUser, FlowUser

SLOTS = 64


class LevelUser(CapacityUser):
    """The capacity user, with accounts made beforehand: no password is hashed in a window."""

    accounts: ClassVar[SharedAccounts]

    def open_account(self) -> Account:
        """Take the account whose turn it is."""
        return self.accounts.take(super().open_account)


class SlotUser(ArrivalUser):
    """A slot, with accounts made beforehand, which more flows at a time share than there are."""


def accounts_needed(schedule: Schedule) -> int:
    """One for each user of a closed step; the slots of the open ones make do with a few."""
    return max(
        schedule.most_users, MOST_ACCOUNTS if any(it.is_open for it in schedule.steps) else 0
    )


class Load:
    """Goes from step to step. Nothing is cut off: who is told to stop ends its flow first.

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
        self._line = Line(shedding(runner.environment))
        self._users: list[FlowUser] = []
        self._arrivals: list[Arrival] = []
        self._feeding: gevent.Greenlet[..., None] | None = None
        LevelUser.accounts = SlotUser.accounts = accounts

    def enter(self, index: int, step: Step, *, seconds: float) -> None:
        """Begin a step that is to last so long."""
        self._end_feeding()
        self._arrivals = []
        if not step.is_open:
            self._keep(self._level_user, step.users)
            return
        if not isinstance(next(iter(self._users), None), SlotUser):
            self._line = SlotUser.line = Line(shedding(self._runner.environment))
        SlotUser.persistent = step.persistent
        self._keep(self._slot_user, SLOTS)
        rng = random.Random(f"{self._seed}-{index}")  # of this step alone, whatever came before
        now = time.monotonic()
        times = arrival_times(step.rate, seconds, rng)
        shares = EVEN if step.even else MIX
        come_for = features(len(times), rng, shares) if step.mixed else [SUBMIT] * len(times)
        self._arrivals = [
            Arrival(now + at, feature) for at, feature in zip(times, come_for, strict=True)
        ]
        self._feeding = gevent.spawn(self._line.feed, self._arrivals)

    def leave(self, start: float, end: float) -> Counts:
        """End a step; returns what became of the arrivals of its window, from `start` to `end`."""
        self._end_feeding()
        return count(self._arrivals, start, end)

    def close(self) -> None:
        """Begin nothing any more, and return when every flow has ended or was given up."""
        self._end_feeding()
        self._line.close()
        self._runner.stop()

    def _end_feeding(self) -> None:
        """Let no more arrivals come, and shed those that wait: the next step has its own load."""
        if self._feeding is not None:
            self._feeding.kill()
        self._line.give_up_waiting()

    def _keep(self, kind: type[FlowUser], number: int) -> None:
        """Have so many users of this kind, and tell all others to stop."""
        kept = [user for user in self._users if isinstance(user, kind)][:number]
        if kind is not self._slot_user:
            self._line.close()  # a slot ends where its next arrival would begin
        for user in self._users:
            if user not in kept and not isinstance(user, SlotUser):
                user.stop()
        spawned = self._runner.spawn_users({kind.__name__: number - len(kept)})
        self._users = [*kept, *spawned]
