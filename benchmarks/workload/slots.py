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
from benchmarks.workload.admission_queue import AdmissionQueue
from benchmarks.workload.arrivals import PAGE, READ, SIGN_IN, Arrival
from benchmarks.workload.tasks import Refused
from benchmarks.workload.users import FlowUser

SHED = "arrival shed"
MOST_ACCOUNTS = 16


class Shed(Exception):
    """An arrival was shed because all slots were busy and too many waited already."""


class ArrivalUser(FlowUser):
    """A slot: wait for an arrival, run its feature's flow, and wait for the next arrival.

    The flow is to submit, wait and read; in a mixed load also to sign in, read the list, or get the
    page.

    Set `queue` before any user starts; a user keeps the queue that it began with.
    Latency counts from the arrival's intended start, so it includes a late generator and a busy
    pool. A refused flow is not repeated: the next arrival is another person.
    """

    abstract = True
    queue: ClassVar[AdmissionQueue]
    accounts: ClassVar[SharedAccounts] = SharedAccounts(MOST_ACCOUNTS)

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._queue = self.queue
        self._arrival: Arrival | None = None
        self._intended_at: float | None = None  # of a request that is an arrival's whole flow

    def context(self) -> dict[str, Any]:
        """Return the context of a request, with the intended start if it has one."""
        intended, self._intended_at = self._intended_at, None
        return {**super().context(), **({} if intended is None else {"intended_at": intended})}

    def open_account(self) -> Account:
        """Return the shared account whose turn it is."""
        return self.accounts.take(super().open_account)

    def wait_time(self) -> float:
        """Wait for an arrival; return 0 seconds. StopUser if no more will come.

        The wait is here, and not in the task, because Locust ends a waiting user at once, and a
        user within its task only when that is done.
        """
        self._arrival = self._queue.take()
        if self._arrival is None:
            raise StopUser
        return 0.0

    def on_stop(self) -> None:
        """Shed an arrival that this slot received and can't begin any more."""
        if self._arrival is not None:
            self._queue.shed(self._arrival)

    @task
    def run_flow(self) -> None:
        """Run the flow of the current arrival; there is none when the user has just started."""
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
            self._intended_at = arrival.intended_at
        match arrival.feature:
            case "sign-in":
                tasks.sign_in(self.client, self.account)
            case "read":
                tasks.list_submissions(self.client, self.account)
            case "page":
                tasks.fetch_page(self.client)
            case _:
                submission_id = self.submit_and_wait(by_url=False, intended_at=arrival.intended_at)
                if submission_id is not None:
                    self.read_result(submission_id)


def report_shed(environment: Environment) -> Callable[[Arrival], None]:
    """Return a function that reports a shed arrival as a failed entry "arrival shed"."""

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
