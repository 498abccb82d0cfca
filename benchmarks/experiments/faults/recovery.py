"""How soon a target has recovered from a failure, by three measures.

* in time again: requests are served within the limits of `features`, seconds each
* as quick as before: within `NOTICED_SECONDS`, or `SLOWER_THAN` times the feature's calm median
  where that is longer. A process that starts, or catches up, shows in this one.
* the seconds in which at least one feature was unavailable, from the failure's start
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median

from benchmarks.experiments.faults.features import FEATURES, Outcome
from benchmarks.experiments.faults.slots import Phase, Slot

HOLD_SECONDS = 3.0  # for so long all features must work, for the target to count as recovered
GOOD_SHARE = 0.95
FEWEST_HELD = 5  # outcomes in such a stretch
NOTICED_SECONDS = 0.5  # a wait that a user notices, if the feature is usually quicker
SLOWER_THAN = 3.0  # times the median of the same feature in the calm seconds

IsGood = Callable[[Outcome], bool]


def in_time(outcome: Outcome) -> bool:
    """Return whether an outcome was served within its feature's limit."""
    return outcome.in_time


def quick_as_before(outcomes: Iterable[Outcome], slot: Slot) -> IsGood:
    """Return the function that decides whether an outcome is as quick as those of the calm.

    `outcomes` are those of the slot's window.
    """
    calm: Mapping[str, list[float]] = {feature: [] for feature in FEATURES}
    for outcome in outcomes:
        if outcome.served and slot.phase(outcome) is Phase.BEFORE:
            calm[outcome.feature].append(outcome.seconds)
    limits = {
        feature: max(NOTICED_SECONDS, SLOWER_THAN * median(seconds)) if seconds else NOTICED_SECONDS
        for feature, seconds in calm.items()
    }
    return lambda outcome: outcome.served and outcome.seconds <= limits[outcome.feature]


def recovered(
    outcomes: Iterable[Outcome],
    slot: Slot,
    *,
    is_good: IsGood = in_time,
    hold_seconds: float = HOLD_SECONDS,
) -> float | None:
    """Return the seconds from the failure's end until all is good for `hold_seconds`.

    That is the first moment from which `GOOD_SHARE` of what is intended in the stretch is good.
    None where there is no such moment whose stretch ends in the window.
    """
    later = sorted(
        (it for it in outcomes if slot.ended <= it.intended_at < slot.end),
        key=lambda outcome: outcome.intended_at,
    )
    starts = [slot.ended, *(it.intended_at + 1e-6 for it in later if not is_good(it))]
    for start in starts:
        held = [it for it in later if start <= it.intended_at < start + hold_seconds]
        good = sum(map(is_good, held))
        if start + hold_seconds > slot.end:
            return None
        if len(held) >= FEWEST_HELD and good >= GOOD_SHARE * len(held):
            return start - slot.ended
    return None


def unavailable(outcomes: Sequence[Outcome], slot: Slot) -> float:
    """Return the seconds of the window in which at least one feature was unavailable.

    A feature is unavailable from a use that met the failure, or came later, and was not served in
    time, until the next use that was, or the window's end.
    """
    down = sorted(interval for feature in FEATURES for interval in _down(outcomes, slot, feature))
    total, until = 0.0, slot.began
    for start, end in down:
        total += max(0.0, end - max(start, until))
        until = max(until, end)
    return total


def _down(outcomes: Sequence[Outcome], slot: Slot, feature: str) -> Iterable[tuple[float, float]]:
    mine = sorted(
        (it for it in outcomes if it.feature == feature and slot.phase(it) is not Phase.BEFORE),
        key=lambda outcome: outcome.intended_at,
    )
    ends = [*(it.intended_at for it in mine[1:]), slot.end]
    for outcome, end in zip(mine, ends, strict=False):  # without any use it has the end alone
        if not outcome.in_time:
            yield max(outcome.intended_at, slot.began), end
