"""The simulated users of another API (`api.Api`), in place of those of the image flow."""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import gevent
from locust.contrib.fasthttp import FastHttpSession

from benchmarks.workload import tasks
from benchmarks.workload.accounts import Account
from benchmarks.workload.api import Api
from benchmarks.workload.keeper import Keeper
from benchmarks.workload.load import LevelUser, SlotUser
from benchmarks.workload.tasks import FINAL_STATES, Refused
from benchmarks.workload.users import FlowUser

# The names by which the analysis finds what was submitted and read; see `analysis.trials`.
SUBMIT, STATE, RESULT, COUNT = tasks.SUBMIT_UPLOAD, tasks.WAIT, tasks.RESULT, tasks.ACCOUNT


class LocustCalls:
    """`api.Calls` on a Locust user's HTTP client. `context` is added to each request's event."""

    def __init__(self, client: FastHttpSession, context: Mapping[str, Any]) -> None:
        self._client = client
        self._context = context

    def submit(
        self,
        path: str,
        *,
        json: Any,
        identify: Callable[[Mapping[str, Any]], Any],
        status: int = 202,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Submit one unit of work by POST; return its id. Raises Refused."""
        with self._client.post(
            path,
            name=SUBMIT,
            json=json,
            headers=dict(headers or {}),
            catch_response=True,
            context=dict(self._context),
        ) as response:
            tasks.expect(response, SUBMIT, status)
            key = str(identify(tasks.read_object(response, SUBMIT)))
            response.request_meta["context"] |= {"submission_id": key}
            return key

    def state(
        self, path: str, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Mapping[str, Any]:
        """GET how far a unit of work is. Raises Refused."""
        return self._get(path, STATE, status, headers)

    def result(
        self, path: str, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Mapping[str, Any]:
        """GET the result of a unit of work. Raises Refused."""
        return self._get(path, RESULT, status, headers)

    def count(
        self, path: str, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Mapping[str, Any]:
        """GET how much the target holds. Raises Refused."""
        return self._get(path, COUNT, status, headers)

    def _get(
        self, path: str, name: str, status: int, headers: Mapping[str, str] | None
    ) -> Mapping[str, Any]:
        with self._client.get(
            path,
            name=name,
            headers=dict(headers or {}),
            catch_response=True,
            context=dict(self._context),
        ) as response:
            tasks.expect(response, name, status)
            return tasks.read_object(response, name)


class ApiUser(FlowUser):
    """A user whose flow is another API's. It has no account: the API signs its own requests."""

    abstract = True
    api: ClassVar[Api]

    def sign_up(self) -> Account:
        """Return an account that stands for none, and never expires."""
        return Account("", "", expires_at=math.inf)

    def submit(self, *, by_url: bool, context: Mapping[str, float]) -> str:  # noqa: ARG002
        """Submit one unit of work; return its id."""
        return self.api.submit(LocustCalls(self.client, context))

    def wait_until_final(self, submission_id: str) -> str | None:
        """Look at the state until it is final; None at the time limit."""
        deadline = time.monotonic() + self.ready_timeout_seconds
        while time.monotonic() < deadline:
            state = self.api.state(self._calls_about(submission_id), submission_id)
            if state in FINAL_STATES:
                return state
            gevent.sleep(self.api.poll_seconds)
        return None

    def read_result(self, submission_id: str) -> None:
        """Read the result of what succeeded."""
        self.api.read_result(self._calls_about(submission_id), submission_id)

    def _calls_about(self, submission_id: str) -> LocustCalls:
        return LocustCalls(self.client, {"submission_id": submission_id})


class ApiKeeper(ApiUser, Keeper):
    """Counts what the target holds before and after the load."""

    abstract = False
    _before: int | None = None

    def prepare(self) -> None:
        """Count what earlier trials left."""
        self._before = self._count()

    def count_submissions(self, accounts: Sequence[Account]) -> int | None:  # noqa: ARG002
        """Return how much came since `prepare`; None where the target refused to report it."""
        after = self._count()
        return None if after is None or self._before is None else after - self._before

    def _count(self) -> int | None:
        try:
            return self.api.count(LocustCalls(self.client, {}))
        except Refused:
            return None


def users_of(api: Api) -> tuple[type[LevelUser], type[SlotUser], type[Keeper]]:
    """Return the users of closed steps and of open ones, and the keeper, of an API."""

    class ApiLevelUser(ApiUser, LevelUser):
        """A user of a closed step."""

    class ApiSlotUser(ApiUser, SlotUser):
        """A slot of an open step."""

    ApiUser.api = api
    return ApiLevelUser, ApiSlotUser, ApiKeeper
