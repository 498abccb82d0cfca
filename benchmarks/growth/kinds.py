"""The request kinds, and what their calls on one target share."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from benchmarks.growth.client import Client, cursor_after

IDLE = "idle"
PAGE = 20


@dataclass(frozen=True, slots=True)
class Session:
    """A client of a filled target.

    - `deep`: ids in the middle of the account's submissions, without end.
    - `submitted`: ids of what it has submitted, of which each deletion takes one: the target keeps
      its size, and a run may have any number of blocks.
    """

    client: Client
    deep: Iterator[UUID]
    submitted: deque[str] = field(default_factory=deque)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of request, or a flow of requests, with how often it is called in a block."""

    name: str
    title: str
    call: Callable[[Session], object]
    calls: int


def kinds_of(scale: float = 1.0) -> tuple[Kind, ...]:
    """Return the kinds, submissions before the deletions that take them.

    The kernel counts CPU time in ticks of 10 ms: cheap calls are many.
    """
    many, few = max(2, round(400 * scale)), max(2, round(80 * scale))
    return (
        Kind(IDLE, "a second without requests", _idle, max(1, round(10 * scale))),
        Kind("account", "account", _account, many),
        Kind("list", "newest page", _list, many),
        Kind("deep-list", "page at depth", _deep_list, many),
        Kind("read", "read one", _read, many),
        Kind("submission", "submit, wait", _submission, few),
        Kind("delete", "delete one", _delete, few),
    )


def _idle(_session: Session) -> None:
    time.sleep(1.0)


def _account(session: Session) -> None:
    session.client.send("GET", "/account", 200)


def _submission(session: Session) -> None:
    session.submitted.append(session.client.submit_and_wait())


def _list(session: Session, cursor: str = "") -> None:
    session.client.send("GET", f"/submissions?limit={PAGE}{cursor}", 200)


def _deep_list(session: Session) -> None:
    _list(session, f"&cursor={cursor_after(next(session.deep))}")


def _read(session: Session) -> None:
    session.client.send("GET", f"/submissions/{next(session.deep)}", 200)


def _delete(session: Session) -> None:
    session.client.send("DELETE", f"/submissions/{session.submitted.popleft()}", 204)
