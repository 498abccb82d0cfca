"""How long requests take while a release goes on, in ms, by feature.

A percentile needs `FEWEST_BEYOND` requests on its far side: 100 for a p95. With fewer a lower one
is taken, and named. A request that fails takes for ever; a percentile among those has no value in
the results, and is infinite where a claim is judged.
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
        calm_median_ms=_ended(_percentile(calm, MEDIAN)),
        median_ms=_ended(_percentile(met, MEDIAN)),
        percentile=highest,
        percentile_ms=None if highest is None else _ended(_percentile(met, highest)),
    )


def median_submit_ms(trial: Trial) -> float | None:
    """Return the median of the trial's submissions that began during a release, until ready."""
    return _percentile(of_feature(during(trial), SUBMIT), MEDIAN)


def slowest_fifth_submit_ms(trial: Trial) -> float | None:
    """Return their 80th percentile."""
    return _percentile(of_feature(during(trial), SUBMIT), SLOWEST_FIFTH)


def waited_longer_seconds(trial: Trial) -> float | None:
    """Return how much longer they took together than as many at the calm median.

    Infinite if one of them failed; None without any, or without a median of the calm time.
    """
    calm = _ended(_percentile(of_feature(before(trial), SUBMIT), MEDIAN))
    met = of_feature(during(trial), SUBMIT)
    if calm is None or not met:
        return None
    return sum(_latency_ms(call) - calm for call in met) / 1000


def _percentile(calls: Sequence[Call], q: int) -> float | None:
    highest = highest_percentile(len(calls))
    if highest is None or highest < q:
        return None
    found = percentile([_latency_ms(call) for call in calls], q)
    return math.inf if found is None else found


def _latency_ms(call: Call) -> float:
    return math.inf if call.failed else call.latency_ms


def _ended(found: float | None) -> float | None:
    """Return a percentile that JSON can hold."""
    return None if found == math.inf else found
