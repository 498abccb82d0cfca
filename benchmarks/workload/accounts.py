"""Accounts of simulated users, own or shared: shared ones save the cost of sign-ups."""

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from gevent.lock import BoundedSemaphore

TOKEN_MARGIN_SECONDS = 60.0


@dataclass(slots=True)
class Account:
    """A signed-in account. `expires_at` is the token's, in seconds of `time.monotonic()`.

    Users that share it sign in again one at a time, holding `renewing`.
    """

    email: str
    password: str
    token: str = ""
    expires_at: float = 0.0
    renewing: BoundedSemaphore = field(default_factory=BoundedSemaphore, repr=False)

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that authenticate a call."""
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def stale(self) -> bool:
        """Return whether the token has expired or will within a minute."""
        return time.monotonic() > self.expires_at - TOKEN_MARGIN_SECONDS


class SharedAccounts:
    """A pool of up to `most` accounts, created one after another and used in turn."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: list[Account] = []
        self._turns = itertools.count()
        self._making = BoundedSemaphore()

    def fill(self, make: Callable[[], Account]) -> list[Account]:
        """Create all accounts now and return them. Raises what `make` raises."""
        while len(self._made) < self._most:
            self._make(make, len(self._made))
        return list(self._made)

    def take(self, make: Callable[[], Account]) -> Account:
        """Return the account whose turn it is; create it by `make` if it doesn't exist yet."""
        turn = next(self._turns) % self._most
        if len(self._made) <= turn:
            self._make(make, turn)
        return self._made[turn % len(self._made)]

    def _make(self, make: Callable[[], Account], turn: int) -> None:
        with self._making:
            if len(self._made) <= turn:
                self._made.append(make())
