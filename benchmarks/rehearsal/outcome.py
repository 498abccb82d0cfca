"""The outcome of one step of a rehearsal: figures, and what was not as guaranteed."""

import statistics
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from benchmarks.oracle import Event, History, Violation
from benchmarks.oracle.load import Feature
from benchmarks.results_model.rehearsal import Kind

SLOW_SECONDS = 1.0
# The light load of a step: requests a second
RATES: dict[Feature, float] = {
    "submit": 0.5,
    "read": 2.0,
    "list": 0.5,
    "account": 0.5,
    "page": 0.5,
    "sign-in": 0.1,
}


# How each kind of step is printed, with its subject
TITLES: Mapping[Kind, str] = {
    "releases": "releases of {}",
    "never ready": "release of {} that never becomes ready",
    "wrong responses": "release of {} with wrong responses",
    "kill": "{} killed",
    "restart": "{} restarted",
    "cordon": "{} evicted, nodes cordoned",
    "queue": "{} scaled by its queue",
    "evict": "{} evicted",
    "order": "{} scaled",
    "load": "short load",
    "contract": "the contract",
}


@dataclass(frozen=True)
class Outcome:
    """A step's kind and subject, its figures by name, and one sentence for each problem.

    `workers` are numbers of ready workers, each with the seconds since the first submission from
    which on it held.
    """

    kind: Kind
    subject: str
    figures: Mapping[str, float | str]
    problems: tuple[str, ...]
    workers: tuple[tuple[float, int], ...] = ()

    @property
    def step(self) -> str:
        """Return what was done, in words."""
        return TITLES[self.kind].format(self.subject)


def load_figures(history: History) -> dict[str, float | str]:
    """Return the numbers of requests, and how long clients waited for them."""
    seconds = [event.seconds for event in history]
    return {
        "requests": len(seconds),
        "failed requests": len(failed(history)),
        "requests over 1 s": sum(waited > SLOW_SECONDS for waited in seconds),
        "median, ms": 1000 * statistics.median(seconds),
        "longest, ms": 1000 * max(seconds),
        "accepted submissions": len(history.accepted),
    }


def failed(history: History) -> list[Event]:
    """Return the requests without a response, or with an error status.

    All are requests that the contract lets succeed.
    """
    return [
        event for event in history if event.status is None or event.status >= HTTPStatus.BAD_REQUEST
    ]


def load_problems(
    history: History, violations: list[Violation], *, excused: Collection[Event] = ()
) -> tuple[str, ...]:
    """Return a sentence for each failed request that isn't excused, and for each violation."""
    lines = [
        f"{event.operation} failed with {event.status or 'no response'} after"
        f" {event.seconds:.2f} s, {event.started:.1f} s after the start"
        for event in failed(history)
        if event not in excused
    ]
    return (*lines, *(str(found) for found in violations))
