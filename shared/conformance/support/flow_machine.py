"""A state machine for Hypothesis: its steps compare the target with a model of the API.

The model keeps what each account has submitted, which keys it used, and what was deleted. Every
step compares one response, or a few, with it, after the contract checker has checked them.
"""

import sys
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from support.client import FINAL, Account, Api, problem
from support.images import small_image

ORDER = {"pending": 0, "processing": 1, "succeeded": 2, "failed": 2}
KEYS = st.sampled_from([None, None, "first", "second", "third"])
SHADES = st.integers(0, 2)
ACCOUNTS = st.sampled_from(["ada", "grace"])
PATHS = ("", "/result", "/image")


@dataclass
class Submitted:
    """A submission in the model."""

    id: str
    owner: str
    seen: dict[str, Any]
    deleted: bool = False


@dataclass
class Owner:
    """An account in the model."""

    account: Account
    live: list[Submitted] = field(default_factory=list)  # oldest first
    keys: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)


class FlowMachine(RuleBasedStateMachine):
    """Two accounts that submit, read, list and delete. Set `api` and `image_server` first."""

    api: ClassVar[Api]
    image_server: ClassVar[str]
    steps: ClassVar[int] = 0
    failures: ClassVar[list[Exception]]
    submissions = Bundle("submissions")

    def __init__(self) -> None:
        super().__init__()
        self.owners: dict[str, Owner] = {}

    @initialize()
    def sign_up(self) -> None:
        """Create two accounts without submissions."""
        for name in ("ada", "grace"):
            self.owners[name] = Owner(self.api.sign_up(name))

    def teardown(self) -> None:
        """Keep the exception that ends this sequence, if any, and delete the remaining submissions.

        Hypothesis repeats a sequence that failed. Against a live target it may pass then, and
        Hypothesis reports only that the two runs differ.
        """
        error = sys.exception()
        if isinstance(error, Exception):
            self.failures.append(error)
        for owner in self.owners.values():
            for submitted in owner.live:
                self.api.delete(f"/submissions/{submitted.id}", by=owner.account)

    @invariant()
    def count(self) -> None:
        """Count the steps, for the report of a run."""
        type(self).steps += 1

    @rule(name=ACCOUNTS)
    def sign_up_again(self, name: str) -> None:
        account = self.owners[name].account
        sent = {"email": account.email.upper(), "password": "another good password"}
        problem(self.api.post("/accounts", json=sent), 409, "email-taken")

    @rule(name=ACCOUNTS)
    def sign_in_again(self, name: str) -> None:
        owner = self.owners[name]
        sent = {"email": owner.account.email, "password": owner.account.password}
        token = self.api.post("/tokens", json=sent).json()["access_token"]
        account = owner.account
        owner.account = Account(account.id, account.email, account.password, token)

    @rule(
        target=submissions,
        name=ACCOUNTS,
        page=st.sampled_from(["bad/html.jpg", "images/rgb.png"]),
        key=KEYS,
    )
    def submit_url(self, name: str, page: str, key: str | None) -> Any:
        owner = self.owners[name]
        url = f"{self.image_server}/files/{page}"
        response = self.api.submit_url(url, by=owner.account, key=self._key(owner, key))
        return self._submitted(name, key, f"address {page}", response)

    @rule(target=submissions, name=ACCOUNTS, shade=SHADES, key=KEYS)
    def submit_upload(self, name: str, shade: int, key: str | None) -> Any:
        owner = self.owners[name]
        data = small_image(shade)
        response = self.api.submit_upload(data, by=owner.account, key=self._key(owner, key))
        return self._submitted(name, key, f"upload {shade}", response)

    @rule(submitted=submissions, name=ACCOUNTS)
    def read(self, submitted: Submitted, name: str) -> None:
        """Read a submission, also a deleted one or one of the other account."""
        response = self._get(submitted, name)
        if not self._visible(submitted, name):
            problem(response, 404, "not-found")
            return
        self._advance(submitted, response.json())
        headers = {"If-None-Match": response.headers["ETag"]}
        again = self._get(submitted, name, headers=headers)
        assert again.status_code in ({304} if submitted.seen["state"] in FINAL else {200, 304})

    @rule(submitted=submissions)
    def wait(self, submitted: Submitted) -> None:
        if not submitted.deleted:
            account = self.owners[submitted.owner].account
            self._advance(submitted, self.api.final(submitted.id, by=account))

    @rule(submitted=submissions, name=ACCOUNTS)
    def read_result(self, submitted: Submitted, name: str) -> None:
        response = self._get(submitted, name, "/result")
        if not self._visible(submitted, name):
            problem(response, 404, "not-found")
        elif response.status_code == 200:
            self._settle(submitted, "succeeded")
            result = response.json()
            assert result["submission_id"] == submitted.id
            assert len(result["detections"]) == submitted.seen["detection_count"]
        elif response.json()["code"] == "recognition-failed":
            self._settle(submitted, "failed")
        else:
            problem(response, 409, "result-not-ready")
            assert submitted.seen["state"] not in FINAL

    @rule(submitted=submissions, name=ACCOUNTS)
    def read_image(self, submitted: Submitted, name: str) -> None:
        response = self._get(submitted, name, "/image")
        if not self._visible(submitted, name):
            problem(response, 404, "not-found")
        elif submitted.seen["state"] == "succeeded":
            assert response.status_code in {200, 302}
        elif response.status_code not in {200, 302}:
            problem(response, 409, "image-not-ready")

    @rule(name=ACCOUNTS, limit=st.integers(1, 5))
    def list_all(self, name: str, limit: int) -> None:
        """Follow the cursors: the pages have all submissions, newest first, each once."""
        owner = self.owners[name]
        found: list[dict[str, Any]] = []
        params: dict[str, Any] = {"limit": limit}
        while True:
            page = self.api.get("/submissions", by=owner.account, params=params).json()
            assert len(page["items"]) <= limit
            found += page["items"]
            if page["next_cursor"] is None:
                break
            params["cursor"] = page["next_cursor"]
        assert [item["id"] for item in found] == [it.id for it in reversed(owner.live)]
        for item, submitted in zip(found, reversed(owner.live), strict=True):
            self._advance(submitted, item)

    @rule(name=ACCOUNTS)
    def count_submissions(self, name: str) -> None:
        owner = self.owners[name]
        shown = self.api.get("/account", by=owner.account).json()
        assert (shown["id"], shown["submission_count"]) == (owner.account.id, len(owner.live))

    @rule(submitted=submissions)
    def delete_as_the_other(self, submitted: Submitted) -> None:
        (other,) = self.owners.keys() - {submitted.owner}
        response = self.api.delete(f"/submissions/{submitted.id}", by=self.owners[other].account)
        problem(response, 404, "not-found")

    @rule(submitted=consumes(submissions), target=submissions)
    def delete(self, submitted: Submitted) -> Any:
        """Delete a submission, also a deleted one; the model keeps it, to be read again."""
        owner = self.owners[submitted.owner]
        response = self.api.delete(f"/submissions/{submitted.id}", by=owner.account)
        if submitted.deleted:
            problem(response, 404, "not-found")
        else:
            assert response.status_code == 204
            submitted.deleted = True
            owner.live.remove(submitted)
        return submitted

    @precondition(lambda self: self.owners)
    @rule(name=ACCOUNTS, path=st.sampled_from(PATHS))
    def read_what_never_was(self, name: str, path: str) -> None:
        response = self.api.get(f"/submissions/{uuid4()}{path}", by=self.owners[name].account)
        problem(response, 404, "not-found")

    @rule(submitted=submissions, path=st.sampled_from(PATHS))
    def read_without_a_token(self, submitted: Submitted, path: str) -> None:
        response = self.api.get(f"/submissions/{submitted.id}{path}")
        problem(response, 401, "unauthenticated")

    def _key(self, owner: Owner, key: str | None) -> str | None:
        return None if key is None else f"{key}-{owner.account.id}"

    def _get(self, submitted: Submitted, name: str, path: str = "", **options: Any) -> Any:
        account = self.owners[name].account
        return self.api.get(f"/submissions/{submitted.id}{path}", by=account, **options)

    def _visible(self, submitted: Submitted, name: str) -> bool:
        return submitted.owner == name and not submitted.deleted

    def _submitted(self, name: str, key: str | None, body: str, response: Any) -> Any:
        """Compare with the first response of the key; return a new submission."""
        owner = self.owners[name]
        if key is not None and key in owner.keys:
            first_body, first = owner.keys[key]
            if body != first_body:
                problem(response, 422, "idempotency-key-reused")
            else:
                assert (response.status_code, response.json()) == (202, first)
                assert response.headers["Idempotent-Replayed"] == "true"
            return multiple()
        assert response.status_code == 202, response.text
        assert "Idempotent-Replayed" not in response.headers
        shown = response.json()
        assert response.headers["Location"] == f"/api/v1/submissions/{shown['id']}"
        submitted = Submitted(shown["id"], name, shown)
        owner.live.append(submitted)
        if key is not None:
            owner.keys[key] = (body, shown)
        return submitted

    def _advance(self, submitted: Submitted, shown: dict[str, Any]) -> None:
        """Assert that a state never goes back, and that a final submission never changes."""
        before = submitted.seen
        assert shown["id"] == submitted.id
        if before["state"] in FINAL:
            assert shown == before
        assert ORDER[shown["state"]] >= ORDER[before["state"]]
        assert shown["created_at"] == before["created_at"]
        submitted.seen = shown

    def _settle(self, submitted: Submitted, state: str) -> None:
        account = self.owners[submitted.owner].account
        self._advance(submitted, self.api.get(f"/submissions/{submitted.id}", by=account).json())
        assert submitted.seen["state"] == state
