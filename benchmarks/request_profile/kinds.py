"""The request kinds in the order of a deployment, and the state that their calls share."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from benchmarks.request_profile.client import Account, Client

SUBMITTERS = 4  # accounts that take turns: one may have only so many open submissions
LISTED = 20


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many calls of each kind are made in a block.

    Before any is measured, `warm_up` calls of each kind are made, and `listed` submissions of each
    account.
    The kernel counts CPU time in ticks of 10 ms for each process, so that a cheap call needs many
    repetitions.
    """

    cheap: int = 300
    tokens: int = 30
    submissions: int = 100
    idle_seconds: int = 10
    warm_up: int = 20
    listed: int = LISTED


@dataclass(slots=True)
class Session:
    """A client with its accounts, and the submissions that were made so far."""

    client: Client
    accounts: list[Account] = field(default_factory=list)
    waiting: deque[tuple[str, Account]] = field(default_factory=deque)
    final: list[tuple[str, Account]] = field(default_factory=list)
    _turn: int = 0

    def account(self) -> Account:
        """Return the account whose turn it is."""
        self._turn += 1
        return self.accounts[self._turn % len(self.accounts)]

    def some_final(self) -> tuple[str, Account]:
        """Return one of the submissions that have succeeded, in turns."""
        self._turn += 1
        return self.final[self._turn % len(self.final)]

    def wait_for_one(self) -> None:
        """Wait for the oldest submission that isn't known to be final."""
        submission, account = self.waiting.popleft()
        self.client.wait(submission, account)
        self.final.append((submission, account))

    def drain(self) -> None:
        """Wait until every submission is final."""
        while self.waiting:
            self.wait_for_one()


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of request, or a flow of requests, with how often it is called in a block.

    `worker_stopped`: the worker is stopped (SIGSTOP) meanwhile, so that the submissions wait and
    only the request itself is measured. `has_stacks`: application processes do work that is worth
    sampling.
    """

    name: str
    title: str
    call: Callable[[Session], None]
    calls: int
    worker_stopped: bool = False
    has_stacks: bool = False


def kinds_of(sizes: Sizes) -> tuple[Kind, ...]:
    """Return the kinds; those that submit come before those that read what was submitted."""
    few, many = sizes.submissions, sizes.cheap
    return (
        Kind("idle", "a second without requests", _idle, sizes.idle_seconds),
        Kind("page", "page", _page, many),
        Kind("token", "token", _token, sizes.tokens, has_stacks=True),
        Kind(
            "submit-upload",
            "submit an upload",
            _submit_upload,
            few,
            worker_stopped=True,
            has_stacks=True,
        ),
        Kind("wait-upload", "wait until an upload is final", Session.wait_for_one, few),
        Kind("submit-url", "submit a URL", _submit_url, few, worker_stopped=True, has_stacks=True),
        Kind("wait-url", "wait until a URL is final", Session.wait_for_one, few),
        Kind("account", "account", _account, many, has_stacks=True),
        Kind("list", f"list of {LISTED}", _list, many, has_stacks=True),
        Kind("read", "read one", _read, many, has_stacks=True),
        Kind("result", "result", _result, many, has_stacks=True),
        Kind("image", "image", _image, many, has_stacks=True),
        Kind("submission-upload", "submission by upload", _by_upload, few, has_stacks=True),
        Kind("submission-url", "submission by URL", _by_url, few, has_stacks=True),
    )


def warm_up(session: Session, kinds: Mapping[str, Kind], sizes: Sizes) -> None:
    """Sign up the accounts, and make some calls of each kind that needs no stopped worker."""
    session.accounts.extend(session.client.sign_up() for _ in range(SUBMITTERS))
    for name in ("submission-upload", "submission-url"):
        for _ in range(max(1, sizes.warm_up // 2)):
            kinds[name].call(session)
    for _ in range(sizes.listed * SUBMITTERS - len(session.final)):
        _by_upload(session)
    for name in ("page", "account", "list", "read", "result", "image"):
        for _ in range(sizes.warm_up):
            kinds[name].call(session)


def _idle(_session: Session) -> None:
    time.sleep(1.0)


def _page(session: Session) -> None:
    session.client.page()


def _token(session: Session) -> None:
    session.client.token(session.account().credentials)


def _submit_upload(session: Session) -> None:
    account = session.account()
    session.waiting.append((session.client.submit_upload(account), account))


def _submit_url(session: Session) -> None:
    account = session.account()
    session.waiting.append((session.client.submit_url(account), account))


def _account(session: Session) -> None:
    session.client.get("/account", session.account())


def _list(session: Session) -> None:
    session.client.get(f"/submissions?limit={LISTED}", session.account())


def _read(session: Session) -> None:
    submission, account = session.some_final()
    session.client.get(f"/submissions/{submission}", account)


def _result(session: Session) -> None:
    submission, account = session.some_final()
    session.client.get(f"/submissions/{submission}/result", account)


def _image(session: Session) -> None:
    submission, account = session.some_final()
    session.client.get(f"/submissions/{submission}/image", account)


def _by_upload(session: Session) -> None:
    _submit_upload(session)
    _finish(session)


def _by_url(session: Session) -> None:
    _submit_url(session)
    _finish(session)


def _finish(session: Session) -> None:
    session.wait_for_one()
    submission, account = session.final[-1]
    session.client.get(f"/submissions/{submission}/result", account)
