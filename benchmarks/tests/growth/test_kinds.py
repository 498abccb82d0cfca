"""The calls of a session: what a block submits, it deletes, however many blocks there are."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from benchmarks.growth.kinds import IDLE, Session, kinds_of


class Submissions:
    """Stands in for the client of a target: it has the ids of what is stored."""

    def __init__(self) -> None:
        self.stored: set[str] = set()
        self.made = 0

    def submit_and_wait(self) -> str:
        """Store a submission, and return its id."""
        self.made += 1
        self.stored.add(str(self.made))
        return str(self.made)

    def send(self, method: str, path: str, _status: int) -> None:
        """Delete what the path names."""
        if method == "DELETE":
            self.stored.remove(path.removeprefix("/submissions/"))


def endless() -> Iterator[UUID]:
    while True:
        yield UUID(int=1)


def test_the_target_has_its_size_again_after_each_block() -> None:
    client: Any = Submissions()
    session = Session(client, endless())
    for _ in range(20):
        for kind in kinds_of(0.1):
            if kind.name != IDLE:
                for _ in range(kind.calls):
                    kind.call(session)
        assert client.stored == set()
    assert client.made > 0
