"""Samples of the Universal Scalability Law, with and without noise, and their fits."""

import math
from collections.abc import Sequence

import numpy as np

from benchmarks.analysis.saturation import Point
from benchmarks.analysis.usl import Estimate, UslFit, UslRefusal, fit

LEVELS = (1, 2, 4, 8, 16, 32)
Sweep = list[Point]


def law(users: float, one: float, sigma: float, kappa: float) -> float:
    """The law as Gunther writes it, apart from how the code does."""
    return one * users / (1 + sigma * (users - 1) + kappa * users * (users - 1))


def exact(
    one: float, sigma: float, kappa: float, levels: Sequence[int] = LEVELS, seconds: float = 1e5
) -> Sweep:
    return [Point(n, round(law(n, one, sigma, kappa) * seconds), seconds) for n in levels]


def counted(
    random: np.random.Generator,
    one: float,
    sigma: float,
    kappa: float,
    *,
    trials: int,
    levels: Sequence[int] = LEVELS,
    seconds: float = 10.0,
) -> list[Sweep]:
    """Poisson counts, of trials that are each a little faster or slower as a whole."""
    speeds = np.exp(random.normal(0, 0.02, size=trials))
    return [
        [
            Point(n, int(random.poisson(speed * law(n, one, sigma, kappa) * seconds)), seconds)
            for n in levels
        ]
        for speed in speeds
    ]


def fitted(trials: Sequence[Sweep]) -> UslFit:
    found = fit(trials)
    assert isinstance(found, UslFit), found
    return found


def refused(trials: Sequence[Sweep]) -> str:
    found = fit(trials)
    assert isinstance(found, UslRefusal)
    return found.reason


def value_of(estimate: Estimate) -> float:
    assert estimate.value is not None
    return estimate.value


def holds(estimate: Estimate, truth: float) -> bool:
    interval = estimate.interval
    assert interval is not None
    low = math.inf if interval.low is None else interval.low
    high = math.inf if interval.high is None else interval.high
    return low <= truth <= high
