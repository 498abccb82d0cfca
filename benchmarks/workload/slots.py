"""The users of an open load: slots, in which the flows of arrivals run.

Abstract, as in `users`. `benchmarks/workload/latency.py` is the Locust file that uses it.
"""

import time
from collections.abc import Callable
from typing import Any, ClassVar

from locust import task
from locust.env import Environment
from locust.exception import StopUser

from benchmarks.workload import tasks
from benchmarks.workload.accounts import Account, SharedAccounts
from benchmarks.workload.arrivals import PAGE, READ, SIGN_IN, Arrival
from benchmarks.workload.line import Line
from benchmarks.workload.tasks import Refused
from benchmarks.workload.users import FlowUser

SHED = "arrival shed"
MOST_ACCOUNTS = 16


class Shed(Exception):
    """An arrival was given up because all slots were busy and too many waited already."""


class ArrivalUser(FlowUser):
    """Waits for an arrival, does what it came for, and waits for the next.

    To submit, wait and read; of a mixed load also to sign in, read the list, or get the page.

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
        self._meant_at: float | None = None  # of a request that is an arrival's whole flow

    def context(self) -> dict[str, Any]:
        """Also the intended start, for the request that has one."""
        meant, self._meant_at = self._meant_at, None
        return {**super().context(), **({} if meant is None else {"intended_at": meant})}

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
    def do_what_it_came_for(self) -> None:
        """The flow of the arrival that came; none has when the user has just started."""
        arrival, self._arrival = self._arrival, None
        if arrival is None:
            return
        try:
            self.keep_signed_in()
            arrival.submitted_at = time.monotonic()
            self._do(arrival)
        except Refused:
            return  # counted as a failure already

    def _do(self, arrival: Arrival) -> None:
        if arrival.feature in {SIGN_IN, READ, PAGE}:
            self._meant_at = arrival.intended_at
        match arrival.feature:
            case "sign-in":
                tasks.sign_in(self.client, self.account)
            case "read":
                tasks.list_submissions(self.client, self.account)
            case "page":
                tasks.fetch_page(self.client)
            case _:
                submission_id = self.submit_and_wait(
                    by_address=False, intended_at=arrival.intended_at
                )
                if submission_id is not None:
                    self.read_result(submission_id)


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
