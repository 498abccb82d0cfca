"""The curve of the Universal Scalability Law, and its fit to counts of submissions.

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
    """The three terms of 1/X, in seconds; `alone` + `queued` is above 0."""

    alone: float  # d: work that several users do at the same time
    queued: float  # b: work that is done one after the other
    crossed: float  # c: work that each user adds for each other

    def throughput(self, users: Numbers) -> Numbers:
        """Return X for each number of users, in submissions a second."""
        return 1 / (_basis(users) @ (self.alone, self.queued, self.crossed))

    def measures(self) -> Numbers:
        """Return 1/lambda, sigma, kappa, 1/N*² and 1/X(N*); N* = √((1-sigma)/kappa) is the peak.

        The reciprocals are finite where the values aren't: with kappa = 0 throughput has no peak
        and rises towards lambda/sigma, which then stands for X(N*). A peak below one user is at
        one.
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


def values_of(measures: Numbers) -> tuple[float | None, float, float, float | None, float | None]:
    """Return lambda, sigma, kappa, N* and X(N*) from `Curve.measures`; None for infinity."""
    one, sigma, kappa, steepness, peak = (float(value) for value in measures)
    return (
        1 / one if one > 0 else None,
        sigma,
        kappa,
        1 / math.sqrt(steepness) if steepness > 0 else None,
        1 / peak if peak > 0 else None,
    )


def likeliest(users: Numbers, completed: Numbers, seconds: Numbers) -> Curve | None:
    """Return the curve that fits the levels best: submissions completed by users and seconds.

    Least squares on the throughputs, weighted by their variance if counts scatter as Poisson's do:
    completed / seconds², with the curve's own count for `completed`, so that a level that happened
    to complete few doesn't weigh more. With new weights in each Gauss-Newton step, this ends at the
    greatest likelihood of the counts (McCullagh and Nelder 1989, Generalized Linear Models, 2.5).

    Levels of 0 seconds are left out. None if the steps don't converge, as for levels that no
    curve of the law fits.
    """
    measured = seconds > 0
    basis, seconds = _basis(users[measured]), seconds[measured]
    throughput = completed[measured] / seconds
    modelled = np.maximum(throughput, 0.5 / seconds)  # the first estimate; a count may be 0
    terms = np.zeros(basis.shape[1])
    for _ in range(STEPS):
        weight = np.sqrt(seconds / modelled)
        slopes = (weight * modelled**2)[:, np.newaxis] * basis
        before, terms = terms, nnls(slopes, weight * (2 * modelled - throughput))[0]
        inverse = basis @ terms
        if not (inverse > 0).all():
            return None
        # The curve, not its terms: a term of about 0 keeps changing its last digits.
        if np.allclose(inverse, basis @ before, rtol=SETTLED, atol=0):
            alone, queued, crossed = (float(term) for term in terms)
            return Curve(alone, queued, crossed) if alone + queued > 0 else None
        modelled = 1 / inverse
    return None


def _basis(users: Numbers) -> Numbers:
    """Return the factors of the three terms, a row for each level."""
    return np.column_stack([1 / users, np.ones_like(users), users - 1])
