"""Calls take turns over accounts and submissions; what waits is waited for in its order."""

from collections import Counter
from typing import Any, cast

import pytest

from benchmarks.request_profile.client import Account, Client
from benchmarks.request_profile.kinds import (
    LISTED,
    SUBMITTERS,
    Kind,
    Session,
    Sizes,
    kinds_of,
    warm_up,
)


class FakeClient:
    """Notes the calls."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.of_account: Counter[int] = Counter()

    def sign_up(self) -> Account:
        return Account({"email": str(len(self.calls))}, {})

    def token(self, _credentials: Any) -> str:
        self.calls.append("token")
        return "token"

    def page(self) -> None:
        self.calls.append("page")

    def get(self, path: str, account: Account) -> None:
        self.calls.append(f"get {path}")
        self.of_account[id(account)] += 1

    def submit_upload(self, account: Account) -> str:
        self.calls.append("submit-upload")
        self.of_account[id(account)] += 1
        return f"id{self.calls.count('submit-upload')}"

    def submit_url(self, _account: Account) -> str:
        self.calls.append("submit-url")
        return "url"

    def wait(self, submission: str, _account: Account) -> None:
        self.calls.append(f"wait {submission}")


@pytest.fixture
def client() -> FakeClient:
    return FakeClient()


@pytest.fixture
def session(client: FakeClient) -> Session:
    made = Session(cast("Client", client))
    made.accounts.extend(client.sign_up() for _ in range(SUBMITTERS))
    return made


KINDS = {kind.name: kind for kind in kinds_of(Sizes(cheap=4, tokens=1, submissions=8))}


def call(session: Session, kind: Kind) -> None:
    for _ in range(kind.calls):
        kind.call(session)


def test_submissions_take_turns_so_that_no_account_has_too_many_open(
    client: FakeClient, session: Session
) -> None:
    call(session, KINDS["submit-upload"])
    assert len(session.waiting) == 8
    assert set(client.of_account.values()) == {8 // SUBMITTERS}


def test_waits_are_of_what_was_submitted_in_its_order(client: FakeClient, session: Session) -> None:
    call(session, KINDS["submit-upload"])
    client.calls.clear()
    call(session, KINDS["wait-upload"])
    assert client.calls == [f"wait id{number}" for number in range(1, 9)]
    assert not session.waiting
    assert len(session.final) == 8


def test_a_submission_is_submitted_awaited_and_its_result_read(
    client: FakeClient, session: Session
) -> None:
    KINDS["submission-upload"].call(session)
    assert client.calls == ["submit-upload", "wait id1", "get /submissions/id1/result"]


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("page", "page"),
        ("token", "token"),
        ("account", "get /account"),
        ("list", f"get /submissions?limit={LISTED}"),
        ("read", "get /submissions/id1"),
        ("result", "get /submissions/id1/result"),
        ("image", "get /submissions/id1/image"),
        ("submit-url", "submit-url"),
    ],
)
def test_a_kind_sends_its_own_request(
    name: str, sent: str, client: FakeClient, session: Session
) -> None:
    KINDS["submission-upload"].call(session)
    client.calls.clear()
    KINDS[name].call(session)
    assert client.calls == [sent]


def test_reads_are_of_final_submissions_in_turns(client: FakeClient, session: Session) -> None:
    call(session, KINDS["submission-upload"])
    client.calls.clear()
    call(session, KINDS["read"])
    assert len(set(client.calls)) == 4


def test_only_submits_need_a_stopped_worker_and_the_kinds_that_wait_follow_them() -> None:
    stopped = [kind.name for kind in KINDS.values() if kind.worker_stopped]
    assert stopped == ["submit-upload", "submit-url"]
    order = list(KINDS)
    for name in stopped:
        follower = KINDS[order[order.index(name) + 1]]
        assert follower.name == name.replace("submit", "wait")
        assert follower.calls == KINDS[name].calls


def test_the_warm_up_makes_submissions_of_each_account(client: FakeClient) -> None:
    session = Session(cast("Client", client))
    warm_up(session, KINDS, Sizes(warm_up=2))
    assert len(session.accounts) == SUBMITTERS
    assert len(session.final) >= LISTED * SUBMITTERS
    assert not session.waiting
    owners = Counter(id(account) for _, account in session.final)
    assert min(owners.values()) >= LISTED - 1
