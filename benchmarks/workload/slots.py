"""The users of an open load: slots, in which the flows of arrivals run.

Abstract, as in `users`. `benchmarks/workload/latency.py` is the Locust file that uses it.
"""

import time
from collections.abc import Callable
from typing import ClassVar

from locust import task
from locust.env import Environment
from locust.exception import StopUser

from benchmarks.workload import tasks
from benchmarks.workload.accounts import Account, SharedAccounts
from benchmarks.workload.arrivals import Arrival
from benchmarks.workload.line import Line
from benchmarks.workload.tasks import Refused
from benchmarks.workload.users import FlowUser

SHED = "arrival shed"
MOST_ACCOUNTS = 16


class Shed(Exception):
    """An arrival was given up because all slots were busy and too many waited already."""


class ArrivalUser(FlowUser):
    """Waits for an arrival, runs its flow (submit, wait, read), and waits for the next.

    Who runs it sets `line` before any user starts; a user keeps to the line that it began with.
    Latency counts from when the arrival was meant to come, so a late generator and a busy pool show
    in it. A flow that is refused is not tried again: the next arrival is another person.
    """

    abstract = True
    line: ClassVar[Line]
    accounts: ClassVar[SharedAccounts] = SharedAccounts(MOST_ACCOUNTS)

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._line = self.line
        self._arrival: Arrival | None = None

    def open_account(self) -> Account:
        """Take one of the shared accounts."""
        return self.accounts.take(super().open_account)

    def wait_time(self) -> float:
        """Wait for an arrival.

        Here, and not in the task, because Locust ends a user that waits at once, and one that is at
        its task when that is done.
        """
        self._arrival = self._line.take()
        if self._arrival is None:
            raise StopUser
        return 0.0

    def on_stop(self) -> None:
        """Count an arrival that this slot took and can't begin any more."""
        if self._arrival is not None:
            self._line.give_up(self._arrival)

    @task
    def submit_wait_read(self) -> None:
        """The flow of the arrival that came; none has when the user has just started."""
        arrival, self._arrival = self._arrival, None
        if arrival is None:
            return
        try:
            self.keep_signed_in()
            arrival.submitted_at = time.monotonic()
            submission_id = self.submit_and_wait(by_address=False, intended_at=arrival.intended_at)
            if submission_id is not None:
                tasks.read_result(self.client, self.account, submission_id)
        except Refused:
            return  # counted as a failure already


def shedding(environment: Environment) -> Callable[[Arrival], None]:
    """What a `Line` tells of the arrivals that it gives up: a failed entry of its own name."""

    def shed(arrival: Arrival) -> None:
        waited_seconds = time.monotonic() - arrival.intended_at
        environment.events.request.fire(
            request_type="FLOW",
            name=SHED,
            response_time=waited_seconds * 1000,
            response_length=0,
            response=None,
            context={"started_at": arrival.intended_at},
            exception=Shed("shed"),
            start_time=time.time() - waited_seconds,
            url=None,
        )

    return shed
