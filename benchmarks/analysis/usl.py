"""The Universal Scalability Law, fitted to an arm's closed sweeps, or refused with a reason.

Its sigma, from 0 to 1, is the serial share (contention); its kappa, 0 or more, is the cost that
each user adds for each other (coherency); lambda is the throughput of one user. The formula
and the fit are in `usl_curve`.

Intervals come from resampling whole trials, which are the sample. With few trials a bootstrap is
too narrow: in simulated sweeps plain percentiles covered the truth in about 50 % with 2 trials, 70
% with 3 and 85 % with 5. So the resamples' distances from the estimate are widened as a mean's
Student interval is wider than its percentile interval, by t/z · √(n/(n-1)) (Hesterberg 2015, What
Teachers Should Know about the Bootstrap, on the narrowness bias), which covered it in 85 to 100 %,
mostly about 94 %. Each measure is widened where it is finite: N* as 1/N*².
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from benchmarks.analysis.intervals import BOOTSTRAP_SEED, CONFIDENCE
from benchmarks.analysis.saturation import Point, find_saturation
from benchmarks.analysis.usl_curve import Curve, Numbers, likeliest, values_of

FEWEST_LEVELS = 6
FEWEST_COMPLETED = 10  # of each level, over all trials: fewer give no usable variance
POOR_MISS = 0.10
LOAD_PAST_KNEE = 1.25  # a throughput within the knee's tolerance rose by far less
RESAMPLES = 400
DRAWN = 60  # points of a curve


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval; None stands for an infinite end."""

    low: float | None
    high: float | None

    def words(self, spec: str = ".3g") -> str:
        """Return "12 to 41", "12 or more" without an upper end, "no limit" without any."""
        if self.low is None:
            return "no limit"
        if self.high is None:
            return f"{self.low:{spec}} or more"
        return f"{self.low:{spec}} to {self.high:{spec}}"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A fitted value, None if infinite, and its interval, None from one trial."""

    value: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class UslFit:
    """The fitted law of one arm; throughputs are in submissions a second."""

    one_user_throughput: Estimate  # lambda
    sigma: Estimate
    kappa: Estimate
    peak_users: Estimate  # N*, 1 at least; None with kappa = 0
    peak_throughput: Estimate  # X(N*); with kappa = 0 what throughput rises towards
    r_squared: float  # the share of the levels' variance that the curve explains
    largest_miss: float  # over the levels, as a share of the curve's throughput
    levels: tuple[Point, ...]  # the fitted points: each level over all trials
    curve: tuple[tuple[float, float], ...]  # (users, throughput) from fewest to most measured
    method: str
    caveats: tuple[str, ...]  # limits of the figures, one sentence each


@dataclass(frozen=True, slots=True)
class UslRefusal:
    """The reason why no law was fitted, as the text after "not fitted:"."""

    reason: str


def fit(trials: Sequence[Sequence[Point]]) -> UslFit | UslRefusal:
    """Fit the law to an arm's trials, each a closed sweep; one trial gives no intervals.

    A refusal for fewer than `FEWEST_LEVELS` levels, a level with fewer than `FEWEST_COMPLETED`
    submissions, sweeps whose last levels still raise throughput, and levels that no curve of the
    law fits. The same trials always give the same intervals.
    """
    users = np.array(sorted({point.users for trial in trials for point in trial}), dtype=float)
    completed, seconds = _tables(trials, users)
    levels = tuple(
        Point(int(n), int(count), float(time))
        for n, count, time in zip(users, completed.sum(axis=0), seconds.sum(axis=0), strict=True)
    )
    reason = _refusal(levels)
    if reason is not None:
        return UslRefusal(reason)
    curve = likeliest(users, completed.sum(axis=0), seconds.sum(axis=0))
    if curve is None:
        return UslRefusal("no curve of the law fits the measured levels")
    if len(trials) == 1:
        intervals: list[Interval | None] = [None] * len(curve.measures())
        method = "one trial gives no intervals"
    else:
        intervals = _intervals(curve, users, completed, seconds)
        method = f"bootstrap over {len(trials)} trials, widened for their small number"
    one_user, sigma, kappa, peak_users, peak_throughput = (
        Estimate(value, interval)
        for value, interval in zip(values_of(curve.measures()), intervals, strict=True)
    )
    r_squared, largest_miss = _closeness(levels, curve.throughput(users))
    drawn = np.geomspace(users[0], users[-1], DRAWN)
    return UslFit(
        one_user_throughput=one_user,
        sigma=sigma,
        kappa=kappa,
        peak_users=peak_users,
        peak_throughput=peak_throughput,
        r_squared=r_squared,
        largest_miss=largest_miss,
        levels=levels,
        curve=tuple(zip(drawn.tolist(), curve.throughput(drawn).tolist(), strict=True)),
        method=method,
        caveats=tuple(_caveats(levels, largest_miss, peak_users.value)),
    )


def _tables(trials: Sequence[Sequence[Point]], users: Numbers) -> tuple[Numbers, Numbers]:
    """Return submissions and seconds by trial and level; 0 for a level that a trial lacks."""
    place = {int(n): index for index, n in enumerate(users)}
    completed, seconds = np.zeros((2, len(trials), len(users)))
    for row, trial in enumerate(trials):
        for point in trial:
            completed[row, place[point.users]] += point.completed
            seconds[row, place[point.users]] += point.seconds
    return completed, seconds


def _refusal(levels: Sequence[Point]) -> str | None:
    if len(levels) < FEWEST_LEVELS:
        were = "level was" if len(levels) == 1 else "levels were"
        return f"{len(levels) or 'no'} {were} measured; a fit needs {FEWEST_LEVELS}"
    poorest = min(levels, key=lambda level: level.completed)
    if poorest.completed < FEWEST_COMPLETED:
        return (
            f"{poorest.completed} submissions were completed with {_count(poorest.users)}; "
            f"a fit needs {FEWEST_COMPLETED} at each level"
        )
    found, most = find_saturation(levels), levels[-1].users
    if not found.saturated or found.knee_users is None:
        return f"throughput still rose at {_count(most)}, the highest level; a fit needs saturation"
    if most < LOAD_PAST_KNEE * found.knee_users:
        return (
            f"the highest level, {_count(most)}, is too close to the knee at {found.knee_users} to "
            "show that throughput rises no further; a fit needs saturation"
        )
    return None


def _caveats(
    levels: Sequence[Point], largest_miss: float, peak_users: float | None
) -> Iterator[str]:
    if largest_miss > POOR_MISS:
        yield (
            f"the curve misses a level by {largest_miss:.0%}: sigma, kappa and the peak describe "
            "this arm poorly, and their intervals only cover the variation between trials"
        )
    if peak_users is not None and peak_users > levels[-1].users:
        yield f"the peak lies beyond the {_count(levels[-1].users)} measured: an extrapolation"


def _count(users: int) -> str:
    return "1 user" if users == 1 else f"{users} users"


def _intervals(
    curve: Curve, users: Numbers, completed: Numbers, seconds: Numbers
) -> list[Interval | None]:
    """Resample the trials; return an interval for each value of `values_of`."""
    count = len(completed)
    choices = np.random.default_rng(BOOTSTRAP_SEED).integers(0, count, size=(RESAMPLES, count))
    # Three trials have only ten different resamples, and each is fitted once.
    distinct, times = np.unique(np.sort(choices, axis=1), axis=0, return_counts=True)
    found = [
        likeliest(users, completed[choice].sum(axis=0), seconds[choice].sum(axis=0))
        for choice in distinct
    ]
    own = curve.measures()
    others = [
        other.measures()
        for other, often in zip(found, times, strict=True)
        if other is not None
        for _ in range(often)
    ]
    measures = np.array([own, *others])
    tail = 0.5 - CONFIDENCE / 2
    widening = stats.t.ppf(tail, count - 1) / stats.norm.ppf(tail) * math.sqrt(count / (count - 1))
    ends = own + widening * (np.quantile(measures, [tail, 1 - tail], axis=0) - own)
    most = [np.inf, 1, np.inf, 1, np.inf]  # sigma is at most 1, and so is 1/N*²
    low, high = (values_of(end) for end in np.clip(ends, 0, most))
    turned_over = (True, False, False, True, True)
    return [
        Interval(two, one) if turned else Interval(one, two)
        for one, two, turned in zip(low, high, turned_over, strict=True)
    ]


def _closeness(levels: Sequence[Point], modelled: Numbers) -> tuple[float, float]:
    """Return R², weighted as the fit is, and the largest relative miss."""
    measured = np.array([level.throughput for level in levels])
    weight = np.array([level.seconds for level in levels]) / modelled
    left = float((weight * (measured - modelled) ** 2).sum())
    whole = float((weight * (measured - np.average(measured, weights=weight)) ** 2).sum())
    return 1 - left / whole if whole else 1.0, float(np.abs(measured / modelled - 1).max())
