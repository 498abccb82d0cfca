"""The curve of the Universal Scalability Law, and the likeliest one for counts of submissions.

With N users X(N) = lambda N / (1 + sigma (N-1) + kappa N (N-1)) submissions are completed a second
(Gunther 2007, Guerrilla Capacity Planning, ch. 4-6), so that one submission takes
1/X(N) = d/N + b + c (N-1) seconds of the whole system, where d = (1-sigma)/lambda,
b = sigma/lambda and c = kappa/lambda. That is linear, and "lambda > 0, sigma from 0 to 1, kappa of
0 or more" is just "none of the three is negative".
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

STEPS = 60  # a fit takes about 6
SETTLED = 1e-7

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curve:
    """The three parts of 1/X, in seconds; `alone` + `queued` is above 0."""

    alone: float  # d: what several users do at the same time
    queued: float  # b: what one does after the other
    crossed: float  # c: what each adds for each other

    def throughput(self, users: Numbers) -> Numbers:
        """X of each number of users, in submissions a second."""
        return 1 / (_basis(users) @ (self.alone, self.queued, self.crossed))

    def measures(self) -> Numbers:
        """1/lambda, sigma, kappa, 1/N*² and 1/X(N*), where N* = √((1-sigma)/kappa) is the peak.

        They are turned over because each is finite so: with kappa = 0 throughput has no peak and
        rises towards lambda/sigma, which then stands for X(N*). A peak below one user is at one.
        """
        one = self.alone + self.queued
        if self.alone > 0:
            steepness = min(1.0, self.crossed / self.alone)
        else:
            steepness = 1.0 if self.crossed > 0 else 0.0
        peak = self.queued + self.alone * math.sqrt(steepness)
        if steepness > 0:
            peak += self.crossed * (1 / math.sqrt(steepness) - 1)
        return np.array([one, self.queued / one, self.crossed / one, steepness, peak])


def told(measures: Numbers) -> tuple[float | None, float, float, float | None, float | None]:
    """Lambda, sigma, kappa, N* and X(N*), from `Curve.measures`; None for what isn't finite."""
    one, sigma, kappa, steepness, peak = (float(value) for value in measures)
    return (
        1 / one if one > 0 else None,
        sigma,
        kappa,
        1 / math.sqrt(steepness) if steepness > 0 else None,
        1 / peak if peak > 0 else None,
    )


def likeliest(users: Numbers, completed: Numbers, seconds: Numbers) -> Curve | None:
    """Fit a curve to levels: what was completed with so many users in so many seconds.

    Least squares on the throughputs, weighted by their variance if counts scatter as Poisson's do:
    completed / seconds², with the curve's own count for `completed`, so that a level that happened
    to complete few doesn't weigh more. Weighted anew in each Gauss-Newton step, this ends at the
    greatest likelihood of the counts (McCullagh and Nelder 1989, Generalized Linear Models, 2.5).

    Levels of 0 seconds are left out. None if the steps don't settle, which is for levels that look
    like no curve of the law.
    """
    measured = seconds > 0
    basis, seconds = _basis(users[measured]), seconds[measured]
    throughput = completed[measured] / seconds
    modelled = np.maximum(throughput, 0.5 / seconds)  # to start from; a count may be 0
    parts = np.zeros(basis.shape[1])
    for _ in range(STEPS):
        weight = np.sqrt(seconds / modelled)
        slopes = (weight * modelled**2)[:, np.newaxis] * basis
        before, parts = parts, nnls(slopes, weight * (2 * modelled - throughput))[0]
        inverse = basis @ parts
        if not (inverse > 0).all():
            return None
        # The curve, not its parts: one that is nought changes its last digits for ever.
        if np.allclose(inverse, basis @ before, rtol=SETTLED, atol=0):
            alone, queued, crossed = (float(part) for part in parts)
            return Curve(alone, queued, crossed) if alone + queued > 0 else None
        modelled = 1 / inverse
    return None


def _basis(users: Numbers) -> Numbers:
    """What the three parts are multiplied by, a row for each level."""
    return np.column_stack([1 / users, np.ones_like(users), users - 1])
