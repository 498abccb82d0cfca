"""What each claim is judged by, of one fault, and the other ways of measuring the same."""

from benchmarks.experiments.faults import claims
from benchmarks.experiments.faults.trials import Measure, Weigh, each, same_code, shared_kinds
from benchmarks.experiments.faults.windows import Observation, Tally
from benchmarks.experiments.runner.claim import Claim

_BY_KIND = "only process types that both architectures have: web, worker, sweeper"
_BY_CODE = "the same code fails equally often on both sides, whatever process runs it"
_NO_LIMIT = "served at all, however late"
_OF_ACCEPTED = "“become ready” counted among accepted submissions only"
_IN_TIME = "until all requests are served within the limits of availability"
_DOWN = "seconds with at least one feature unavailable, from the failure's start"
_DRAINED = "until the last submission that was accepted before the failure's end is final"


def availability(observation: Observation) -> float | None:
    """Return the mean over features of what was served in time."""
    return observation.mean(lambda counts: counts.share)


def _served(observation: Observation) -> float | None:
    return observation.mean(_served_share)


def _served_share(counts: Tally) -> float | None:
    return counts.served_share


def _accepted(observation: Observation) -> float | None:
    return observation.mean_accepted


def _normal(observation: Observation) -> float | None:
    """Return seconds; without a recovery in the watched time, all of that time."""
    found = observation.normal_seconds
    return observation.watched_seconds if found is None else found


def _in_time(observation: Observation) -> float | None:
    found = observation.recovered_seconds
    return observation.watched_seconds if found is None else found


def _unavailable(observation: Observation) -> float | None:
    return observation.unavailable_seconds


def _drained(observation: Observation) -> float | None:
    return observation.drained_seconds


HEADLINES: tuple[tuple[Claim, Measure, tuple[tuple[str, Weigh, Measure], ...]], ...] = (
    (
        claims.PROCESSES,
        availability,
        (
            (_BY_KIND, shared_kinds, availability),
            (_BY_CODE, same_code, availability),
            (_NO_LIMIT, each, _served),
            (_OF_ACCEPTED, each, _accepted),
        ),
    ),
    (
        claims.BACKING,
        availability,
        ((_NO_LIMIT, each, _served), (_OF_ACCEPTED, each, _accepted)),
    ),
    (
        claims.RECOVERY,
        _normal,
        (
            (_BY_KIND, shared_kinds, _normal),
            (_BY_CODE, same_code, _normal),
            (_IN_TIME, each, _in_time),
            (_DOWN, each, _unavailable),
            (_DRAINED, each, _drained),
        ),
    ),
)
