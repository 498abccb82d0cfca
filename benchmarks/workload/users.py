"""The simulated users: one that uses all features, and one that only submits, waits and reads.

Both are abstract, so that a Locust file chooses by subclassing. `benchmarks/locustfile.py` uses
the first, `benchmarks/workload/capacity.py` the second, in steps. A third one is in `slots`.
"""

import itertools
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gevent
from gevent import GreenletExit
from locust import FastHttpUser, between, constant, tag, task
from locust.env import Environment

from benchmarks.workload import (  # noqa: F401 - run_report and validation listen
    arguments,
    checks,
    run_report,
    tasks,
    validation,
)
from benchmarks.workload.accounts import Account
from benchmarks.workload.tasks import Refused, Upload

READY = "submit to ready"
LONGEST_BACK_OFF_SECONDS = 5.0

_numbers = itertools.count(1)
_uploads: dict[str, Upload] = {}


class FlowUser(FastHttpUser):
    """A user with an account of its own; subclasses define its tasks."""

    abstract = True
    network_timeout = 30.0  # above the longest `wait`
    connection_timeout = 5.0
    persistent = False  # whether a refused wait for a submission is repeated

    def __init__(self, environment: Environment) -> None:
        if self.host or environment.host:
            self.host = checks.base_url(str(self.host or environment.host))
        super().__init__(environment)
        options = environment.parsed_options
        self.number = next(_numbers)
        self.image = str(getattr(options, "image", arguments.IMAGE.default))
        self.image_url = str(getattr(options, "image_url", arguments.IMAGE_URL.default))
        self.ready_timeout_seconds = float(
            getattr(options, "ready_timeout_seconds", arguments.READY_TIMEOUT.default)
        )
        self.account: Account

    def context(self) -> dict[str, Any]:
        """Return the context of the request event: the exact start, and the user's number."""
        return {"started_at": time.monotonic(), "user_number": self.number}

    def on_start(self) -> None:
        """Open an account, once per simulated user; a user without one ends.

        GreenletExit ends a user as StopUser does, of which Locust would log a traceback here.
        """
        try:
            self.account = self.open_account()
        except Refused as refused:
            raise GreenletExit from refused

    def open_account(self) -> Account:
        """Sign up and in, and return the account. The generator overrides this."""
        return self.sign_up()

    def sign_up(self) -> Account:
        """Create an account and sign in to it. Users of another API override this and the next."""
        return tasks.sign_up(self.client)

    def submit(self, *, by_url: bool, context: Mapping[str, float]) -> str:
        """Submit the image; return the submission's id. `context` is for the request's event."""
        if by_url:
            return tasks.submit_url(self.client, self.account, self.image_url, context)
        return tasks.submit_upload(self.client, self.account, self.upload, context)

    def wait_until_final(self, submission_id: str) -> str | None:
        """Wait for the final state, and return it; None at the time limit."""
        return tasks.wait_until_final(
            self.client,
            self.account,
            submission_id,
            timeout_seconds=self.ready_timeout_seconds,
            persistent=self.persistent,
        )

    def read_result(self, submission_id: str) -> None:
        """Read the result of a submission that succeeded."""
        tasks.read_result(self.client, self.account, submission_id)

    def keep_signed_in(self) -> None:
        """Sign in again before the token expires; once for all users that share the account."""
        if self.account.stale:
            with self.account.renewing:
                if self.account.stale:
                    tasks.sign_in(self.client, self.account)

    @property
    def upload(self) -> Upload:
        """Return the image as an upload, read once per process."""
        if self.image not in _uploads:
            _uploads[self.image] = Upload.of_file(Path(self.image))
        return _uploads[self.image]

    def submit_and_wait(self, *, by_url: bool, intended_at: float | None = None) -> str | None:
        """Submit and wait until final; record the entry "submit to ready".

        Its time counts from `intended_at` (seconds of the monotonic clock) if the flow was intended
        to begin earlier than it does. Return the submission's id if it succeeded. Any other end is
        a failure of the entry.
        """
        started_wall, started_at = time.time(), time.monotonic()
        intended = {} if intended_at is None else {"intended_at": intended_at}
        submission_id: str | None = None
        problem: Exception | None = None
        try:
            submission_id = self.submit(by_url=by_url, context=intended)
            state = self.wait_until_final(submission_id)
            if state != "succeeded":
                problem = NotReady(f"state {state}" if state else "not final in time")
        except Refused as refused:
            if submission_id is None:  # never accepted: there is nothing to become ready
                raise
            problem = refused
        self.environment.events.request.fire(
            request_type="FLOW",
            name=READY,
            response_time=(time.monotonic() - intended.get("intended_at", started_at)) * 1000,
            response_length=0,
            response=None,
            context={
                **intended,
                "started_at": started_at,
                "user_number": self.number,
                "submission_id": submission_id,
            },
            exception=problem,
            start_time=started_wall,
            url=None,
        )
        return submission_id if problem is None else None

    def back_off(self, refused: Refused) -> None:
        """Wait as long as the response's Retry-After requires, within bounds."""
        gevent.sleep(min(max(refused.retry_after_seconds, 0.1), LONGEST_BACK_OFF_SECONDS))


class NotReady(Exception):
    """A submission was accepted and did not succeed."""


class MixedUser(FlowUser):
    """A person at the web page, who mostly reads, sometimes submits, and pauses in between.

    The weights follow what the page itself calls: each submission is followed by some reads of the
    list, the account and the page.
    """

    abstract = True
    wait_time = between(0.5, 2.0)

    @tag("submit")
    @task(6)
    def submit_an_upload(self) -> None:
        """Upload an image, wait for the submission, read the result."""
        self._attempt_flow(by_url=False)

    @tag("submit")
    @task(2)
    def submit_a_url(self) -> None:
        """Submit the image's URL if there is one, otherwise an upload."""
        self._attempt_flow(by_url=bool(self.image_url))

    @tag("read")
    @task(4)
    def read_the_list(self) -> None:
        """Read the newest submissions."""
        self._attempt_read(tasks.list_submissions)

    @tag("read")
    @task(2)
    def read_the_account(self) -> None:
        """Read the account."""
        self._attempt_read(tasks.read_account)

    @tag("page")
    @task(2)
    def open_the_page(self) -> None:
        """Fetch the web page."""
        try:
            tasks.fetch_page(self.client)
        except Refused as refused:
            self.back_off(refused)

    def _attempt_flow(self, *, by_url: bool) -> None:
        try:
            self.keep_signed_in()
            submission_id = self.submit_and_wait(by_url=by_url)
            if submission_id is not None:
                self.read_result(submission_id)
        except Refused as refused:
            self.back_off(refused)

    def _attempt_read(self, call: Any) -> None:
        try:
            self.keep_signed_in()
            call(self.client, self.account)
        except Refused as refused:
            self.back_off(refused)


class CapacityUser(FlowUser):
    """A user that submits an upload, waits until it is ready, reads the result, and repeats.

    There is no pause: with think time a sweep would measure the users' pace, not the capacity.
    """

    abstract = True
    wait_time = constant(0)

    @task
    def submit_wait_read(self) -> None:
        """Submit, wait and read the result, once."""
        try:
            self.keep_signed_in()
            submission_id = self.submit_and_wait(by_url=False)
            if submission_id is not None:
                self.read_result(submission_id)
        except Refused as refused:
            self.back_off(refused)
