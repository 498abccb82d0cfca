"""Rows made by hand: a steady stream of everything that people come for, and a failure in it."""

from collections.abc import Callable, Collection

from benchmarks.analysis.trials import READY, Call
from benchmarks.experiments.faults.windows import Slot

SLOT = Slot(start=100.0, began=105.0, ended=113.0, end=127.0)
SUBMIT = "/submissions (upload)"
REQUESTS = {"sign in": "/tokens", "submit": SUBMIT, "read": "/submissions", "page": "/"}
EVERY_SECONDS = 0.5


def call(
    name: str, at: float, seconds: float = 0.1, *, failed: bool = False, about: str = ""
) -> Call:
    """A row; `about` is the submission's id."""
    return Call(
        name, at, at + seconds, seconds * 1000, failed, 0, measured=True, submission_id=about
    )


def stream(
    slot: Slot = SLOT,
    *,
    broken: Collection[str] = (),
    ready_after: Callable[[float], float] = lambda _at: 0.3,
) -> list[Call]:
    """Each feature every half a second; those that are `broken` fail while the failure lasts.

    `ready_after` gives the seconds until a submission of that moment is ready.
    """
    found: list[Call] = []
    for number in range(round((slot.end - slot.start) / EVERY_SECONDS)):
        at = slot.start + 0.1 + number * EVERY_SECONDS
        fails = slot.began <= at < slot.ended
        for feature, name in REQUESTS.items():
            is_broken = fails and feature in broken
            about = f"submission-{number}" if name == SUBMIT and not is_broken else ""
            found.append(call(name, at, failed=is_broken, about=about))
            if about:
                found.append(call(READY, at, ready_after(at), about=about))
    return found
