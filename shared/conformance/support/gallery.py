"""Submissions that are created together at the start, and read later.

If each case waited for its own image, a run would take as long as all waits together.
"""

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from support.client import FINAL, Account, Api

_ALL_DONE_WITHIN_SECONDS = 90.0
Submit = Callable[[], httpx.Response]


class Gallery:
    """Named submissions of one account. Each is created at its first use, or by `begin_all`."""

    def __init__(self, api: Api, account: Account) -> None:
        self.api = api
        self.account = account
        self._planned: dict[str, Submit] = {}
        self._ids: dict[str, str] = {}
        self._finals: dict[str, Any] = {}
        self._end = time.monotonic() + _ALL_DONE_WITHIN_SECONDS

    def plan(self, name: str, submit: Submit) -> None:
        """Register a function that submits something, under a name."""
        self._planned[name] = submit

    def begin_all(self) -> None:
        """Submit all that is planned."""
        for name in self._planned:
            self._begin(name)

    def _begin(self, name: str) -> str:
        if name not in self._ids:
            response = self._planned[name]()
            self._ids[name] = response.json()["id"] if response.status_code == 202 else ""
        return self._ids[name]

    def final(self, name: str) -> Any:
        """Wait until the submission is final, and return it. All share one time limit."""
        if name not in self._finals:
            submission_id = self._begin(name)
            assert submission_id, f"{name} was not accepted"
            left = max(0.0, self._end - time.monotonic())
            self._finals[name] = self.api.final(submission_id, by=self.account, within_seconds=left)
        return self._finals[name]

    def result(self, name: str) -> Any:
        """Return the result of a submission that must have succeeded."""
        submission = self.final(name)
        if submission["state"] != "succeeded":
            pytest.fail(f"{name}: {submission['error']}")
        return self.read(name, "result").json()

    def read(self, name: str, part: str, **options: Any) -> httpx.Response:
        """Return the response of GET `result` or `image`."""
        assert self.final(name)["state"] in FINAL
        return self.api.get(f"/submissions/{self._ids[name]}/{part}", by=self.account, **options)
