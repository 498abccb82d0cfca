"""How long requests take while a release goes on, in ms, by feature.

A percentile needs `FEWEST_BEYOND` requests on its far side: 100 for a p95. With fewer a lower one
is taken, and named. A request that fails takes for ever.
"""

import math
from collections.abc import Sequence

from benchmarks.analysis.percentiles import percentile
from benchmarks.analysis.trials import Call
from benchmarks.experiments.deploy.summary.features import FEATURES, before, during, of_feature
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.results_model.releases import FeatureWait

FEWEST_BEYOND = 5
PERCENTILES = (95, 90, 80, 50)
MEDIAN, SLOWEST_FIFTH = 50, 80
SUBMIT = "submit"


def highest_percentile(count: int) -> int | None:
    """Return the highest of `PERCENTILES` that so many values have; None of too few."""
    enough = (q for q in PERCENTILES if count * (100 - q) >= FEWEST_BEYOND * 100)
    return next(enough, None)


def waits(trials: Sequence[Trial]) -> dict[str, FeatureWait]:
    """Return the latencies of all trials of an arm together, by feature."""
    calm = [call for trial in trials for call in before(trial)]
    met = [call for trial in trials for call in during(trial)]
    return {name: _wait(of_feature(calm, name), of_feature(met, name)) for name in FEATURES}


def _wait(calm: Sequence[Call], met: Sequence[Call]) -> FeatureWait:
    highest = highest_percentile(len(met))
    return FeatureWait(
        requests=len(met),
        calm_median_ms=_percentile(calm, MEDIAN),
        median_ms=_percentile(met, MEDIAN),
        percentile=highest,
        percentile_ms=None if highest is None else _percentile(met, highest),
    )


def median_submit_ms(trial: Trial) -> float | None:
    """Return the median of the trial's submissions that began during a release, until ready."""
    return _percentile(of_feature(during(trial), SUBMIT), MEDIAN)


def slowest_fifth_submit_ms(trial: Trial) -> float | None:
    """Return their 80th percentile."""
    return _percentile(of_feature(during(trial), SUBMIT), SLOWEST_FIFTH)


def waited_longer_seconds(trial: Trial) -> float | None:
    """Return how much longer they took together than as many at the calm median."""
    calm = _percentile(of_feature(before(trial), SUBMIT), MEDIAN)
    met = of_feature(during(trial), SUBMIT)
    if calm is None or not met or any(call.failed for call in met):
        return None
    return sum(call.latency_ms - calm for call in met) / 1000


def _percentile(calls: Sequence[Call], q: int) -> float | None:
    highest = highest_percentile(len(calls))
    if highest is None or highest < q:
        return None
    return percentile([math.inf if call.failed else call.latency_ms for call in calls], q)
