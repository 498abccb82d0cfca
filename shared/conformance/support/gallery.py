"""Submissions that are begun together at the start, and read when the worker has had its time.

One case after another, each waiting for its own image, would take as long as all waits together.
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
    """Named submissions of one account. Each is begun when it is asked for, or by `begin_all`."""

    def __init__(self, api: Api, account: Account) -> None:
        self.api = api
        self.account = account
        self._planned: dict[str, Submit] = {}
        self._ids: dict[str, str] = {}
        self._finals: dict[str, Any] = {}
        self._end = time.monotonic() + _ALL_DONE_WITHIN_SECONDS

    def plan(self, name: str, submit: Submit) -> None:
        """Keep under a name how something is submitted."""
        self._planned[name] = submit

    def begin_all(self) -> None:
        """Submit everything that is planned."""
        for name in self._planned:
            self._begin(name)

    def _begin(self, name: str) -> str:
        if name not in self._ids:
            response = self._planned[name]()
            self._ids[name] = response.json()["id"] if response.status_code == 202 else ""
        return self._ids[name]

    def final(self, name: str) -> Any:
        """The submission, once its state is final. All share one limit of time."""
        if name not in self._finals:
            submission_id = self._begin(name)
            assert submission_id, f"{name} was not taken in"
            left = max(0.0, self._end - time.monotonic())
            self._finals[name] = self.api.final(submission_id, by=self.account, within_seconds=left)
        return self._finals[name]

    def result(self, name: str) -> Any:
        """The result of one that must have succeeded."""
        submission = self.final(name)
        if submission["state"] != "succeeded":
            pytest.fail(f"{name}: {submission['error']}")
        return self.read(name, "result").json()

    def read(self, name: str, part: str, **options: Any) -> httpx.Response:
        """GET of `result` or `image`."""
        assert self.final(name)["state"] in FINAL
        return self.api.get(f"/submissions/{self._ids[name]}/{part}", by=self.account, **options)
