"""Arrivals of an open load, as data: when each is meant to come, and what became of it."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SUBMIT, SIGN_IN, READ, PAGE = "submit", "sign-in", "read", "page"
# Of a mixed load, what people come for; the shares add up to 1. Looking is most of it, as in
# `users.MixedUser`; signing in is rarer than in a single person's day, for it costs the most.
MIX = {SUBMIT: 0.35, READ: 0.35, PAGE: 0.2, SIGN_IN: 0.1}
EVEN = dict.fromkeys(MIX, 1 / len(MIX))  # as much is known of each feature in a short window


@dataclass(slots=True)
class Arrival:
    """One arrival, and what for. Times are in seconds of the monotonic clock."""

    intended_at: float
    feature: str = SUBMIT
    submitted_at: float | None = None
    shed: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the arrivals that were meant for a window."""

    offered: int = 0  # scheduled in it
    started: int = 0  # of these, submitted by its end, late or not
    shed: int = 0  # of these, given up because all slots were busy


def arrival_times(rate: float, seconds: float, rng: random.Random) -> list[float]:
    """When arrivals come, in seconds from the beginning, rising, all below `seconds`.

    A Poisson process of `rate` arrivals a second: the gaps between are independent and exponential
    with mean 1/rate (Kingman, Poisson Processes, 1993, section 4.1), so that arrivals neither heed
    each other nor wait for answers. ValueError for a rate that is not above 0.
    """
    if rate <= 0:
        raise ValueError(f"arrivals need a rate above 0, not {rate}")
    times = []
    at = rng.expovariate(rate)
    while at < seconds:
        times.append(at)
        at += rng.expovariate(rate)
    return times


def features(number: int, rng: random.Random, shares: Mapping[str, float] = MIX) -> list[str]:
    """What so many arrivals of a mixed load come for, drawn by the shares of the features."""
    return rng.choices(list(shares), weights=list(shares.values()), k=number)


def count(arrivals: Iterable[Arrival], start: float, end: float) -> Counts:
    """Count the arrivals that were meant for a window, from `start` and before `end`."""
    inside = [it for it in arrivals if start <= it.intended_at < end]
    return Counts(
        offered=len(inside),
        started=sum(it.submitted_at is not None and it.submitted_at < end for it in inside),
        shed=sum(it.shed for it in inside),
    )
