"""Arrivals of an open load, as data: the intended start of each, and its outcome."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

SUBMIT, SIGN_IN, READ, PAGE = "submit", "sign-in", "read", "page"
# The features of a mixed load; the shares add up to 1. Most arrivals read, as in
# `users.MixedUser`; signing in is rarer than on a person's day, since it costs the most.
MIX = {SUBMIT: 0.35, READ: 0.35, PAGE: 0.2, SIGN_IN: 0.1}


@dataclass(slots=True)
class Arrival:
    """One arrival with the feature that it uses. Times are seconds of the monotonic clock."""

    intended_at: float
    feature: str = SUBMIT
    submitted_at: float | None = None
    shed: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """The outcomes of the arrivals whose intended start lies in a window."""

    offered: int = 0  # scheduled in it
    started: int = 0  # of these, submitted by its end, late or not
    shed: int = 0  # of these, shed because all slots were busy


@dataclass(frozen=True, slots=True)
class Share:
    """One of several equal parts of a schedule: each n-th arrival, where n is their number."""

    number: int = 0  # of this part, from 0 on
    parts: int = 1

    def of(self, times: Iterable[float]) -> Iterator[float]:
        """Yield the times that belong to this part."""
        return islice(times, self.number, None, self.parts)


def scheduled_times(rate: float, seconds: float, seed: int) -> Iterator[float]:
    """Return the times of a run's arrivals, as `arrival_times` does, by a seed alone.

    They are drawn while they are used. So each worker can draw the schedule of all workers and use
    its own share of it: together they make the arrivals that one process makes.
    """
    return _poisson_times(rate, seconds, random.Random(seed))


def arrival_times(rate: float, seconds: float, rng: random.Random) -> list[float]:
    """Return the times of arrivals in seconds from the beginning, rising, all below `seconds`.

    A Poisson process of `rate` arrivals a second: the gaps between are independent and exponential
    with mean 1/rate (Kingman, Poisson Processes, 1993, section 4.1), so that arrivals are
    independent of each other and of the responses. ValueError for a rate that is not above 0.
    """
    return list(_poisson_times(rate, seconds, rng))


def _poisson_times(rate: float, seconds: float, rng: random.Random) -> Iterator[float]:
    if rate <= 0:
        raise ValueError(f"arrivals need a rate above 0, not {rate}")
    at = rng.expovariate(rate)
    while at < seconds:
        yield at
        at += rng.expovariate(rate)


def conditioned_times(number: int, seconds: float, rng: random.Random) -> list[float]:
    """Return `number` times in seconds from the beginning, rising, all below `seconds`.

    A Poisson process of which the count is given: the arrivals are then independent of each other
    and uniform over the time, whatever the rate (Kingman, Poisson Processes, 1993, section 2.4).
    So a short window is offered exactly its rate. Without the condition a window of 20
    expected arrivals is offered between 12 and 29 in 19 cases of 20.
    """
    return sorted(seconds * rng.random() for _ in range(number))


def features(number: int, rng: random.Random) -> list[str]:
    """Return the features of `number` arrivals of a mixed load, drawn by their shares."""
    return rng.choices(list(MIX), weights=list(MIX.values()), k=number)


def even_features(number: int, rng: random.Random, group: Sequence[str] = tuple(MIX)) -> list[str]:
    """Return features so that each group of arrivals in a row uses those of `group`, in any order.

    Each four arrivals use every feature once by default. Drawn one by one, a second with a dozen
    arrivals would now and then lack one of the features.
    """
    groups = -(-number // len(group))
    drawn = [feature for _ in range(groups) for feature in rng.sample(list(group), k=len(group))]
    return drawn[:number]


def count(arrivals: Iterable[Arrival], start: float, end: float) -> Counts:
    """Count the arrivals with an intended start from `start` on and before `end`."""
    inside = [it for it in arrivals if start <= it.intended_at < end]
    return Counts(
        offered=len(inside),
        started=sum(it.submitted_at is not None and it.submitted_at < end for it in inside),
        shed=sum(it.shed for it in inside),
    )
