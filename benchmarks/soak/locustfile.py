"""Mixed load that leaves as much behind as it finds: each user deletes what it no longer needs.

Without deletions the rows, objects and lists grow with the length of the run, and a leak could not
be distinguished from that growth.
"""

import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # independent of Locust's folder

from locust import between, task
from locust.env import Environment

from benchmarks.workload import tasks
from benchmarks.workload.tasks import API, Refused
from benchmarks.workload.users import FlowUser

KEPT_SUBMISSIONS = 10
_IMAGE = "/submissions/[id]/image"
_DELETE = "/submissions/[id] (delete)"


class SoakUser(FlowUser):
    """A user that submits, reads, signs in, and deletes all but its newest submissions."""

    wait_time = between(0.5, 2.0)

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.kept: deque[str] = deque()

    @task(8)
    def submit_read_and_delete(self) -> None:
        """Submit, read result and image, and delete the oldest submissions over the limit."""
        self._attempt(self._submit_read_and_delete)

    @task(4)
    def read_the_list(self) -> None:
        """Read the newest submissions."""
        self._attempt(lambda: tasks.list_submissions(self.client, self.account))

    @task(2)
    def read_the_account(self) -> None:
        """Read the account."""
        self._attempt(lambda: tasks.read_account(self.client, self.account))

    @task(2)
    def open_the_page(self) -> None:
        """Fetch the web page."""
        self._attempt(lambda: tasks.fetch_page(self.client))

    @task(1)
    def sign_in_again(self) -> None:
        """Sign in: a password is verified and a token signed."""
        self._attempt(lambda: tasks.sign_in(self.client, self.account))

    def _submit_read_and_delete(self) -> None:
        submission_id = self.submit_and_wait(by_url=False)
        if submission_id is None:
            return
        tasks.read_result(self.client, self.account, submission_id)
        self._request("GET", f"{API}/submissions/{submission_id}/image", _IMAGE)
        self.kept.append(submission_id)
        while len(self.kept) > KEPT_SUBMISSIONS:
            self._request("DELETE", f"{API}/submissions/{self.kept.popleft()}", _DELETE)

    def _attempt(self, action: Callable[[], object]) -> None:
        try:
            self.keep_signed_in()
            action()
        except Refused as refused:
            self.back_off(refused)

    def _request(self, method: str, path: str, name: str) -> None:
        self.client.request(method, path, name=name, headers=self.account.headers)
