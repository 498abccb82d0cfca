"""One fault's window: before, during and after the failure, and when all was well again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from benchmarks.experiments.faults.features import BECOME_READY, FEATURES, Outcome

HOLD_SECONDS = 3.0  # for so long all features must work, for the target to count as recovered
GOOD_SHARE = 0.95
FEWEST_HELD = 5  # outcomes in such a stretch
FEWEST_BEFORE = 1  # outcomes of a feature in the calm seconds
CALM_SHARE = 0.75  # of a feature's outcomes in the calm seconds, else the fault isn't counted


class Phase(StrEnum):
    """Where an outcome lies."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Slot:
    """One fault's moments: the start of its calm seconds, of the failure, its end, the window's."""

    start: float
    began: float
    ended: float
    end: float

    def phase(self, outcome: Outcome) -> Phase:
        """Return the phase of an outcome. What was under way when the failure began is in it."""
        if outcome.intended_at >= self.ended:
            return Phase.AFTER
        if outcome.intended_at >= self.began or outcome.ended_at >= self.began:
            return Phase.DURING
        return Phase.BEFORE


@dataclass(frozen=True, slots=True)
class Tally:
    """How many outcomes there are, of these served, and served in time."""

    total: int
    served: int
    in_time: int

    @property
    def share(self) -> float | None:
        """Availability: the share that was served in time; None of nothing."""
        return self.in_time / self.total if self.total else None

    @property
    def served_share(self) -> float | None:
        """The share that was served at all."""
        return self.served / self.total if self.total else None


def tally(outcomes: Iterable[Outcome]) -> Tally:
    """Count outcomes."""
    found = list(outcomes)
    return Tally(len(found), sum(it.served for it in found), sum(it.in_time for it in found))


@dataclass(frozen=True, slots=True)
class Observation:
    """What one fault did to one target. `before`, `during` and `after` are by feature.

    `accepted_ready` counts, of what happened during the failure, only submissions that were
    accepted. `recovered_seconds` counts from the failure's end; None where the target wasn't well
    again within the `watched_seconds`. `drained_seconds` is when the last submission that was
    accepted before the failure's end was final, None where one never was.
    """

    before: Mapping[str, Tally]
    during: Mapping[str, Tally]
    after: Mapping[str, Tally]
    accepted_ready: Tally
    recovered_seconds: float | None
    watched_seconds: float
    drained_seconds: float | None

    @property
    def is_calm(self) -> bool:
        """Whether every feature worked before the failure; else an earlier fault still shows."""
        return all(
            it.total >= FEWEST_BEFORE and (it.share or 0.0) >= CALM_SHARE
            for it in self.before.values()
        )

    def mean(self, share: Callable[[Tally], float | None]) -> float | None:
        """Return a share's mean over all features during the failure; None where one is missing."""
        return _mean(share(self.during[feature]) for feature in FEATURES)

    @property
    def mean_accepted(self) -> float | None:
        """The mean over features, with what becomes ready counted among accepted submissions.

        Where none was accepted, that feature has no share, and the others' mean is taken.
        """
        shares = [self.during[it].share for it in FEATURES if it != BECOME_READY]
        if self.accepted_ready.total:
            shares.append(self.accepted_ready.share)
        return _mean(shares)


def _mean(shares: Iterable[float | None]) -> float | None:
    found = list(shares)
    known = [it for it in found if it is not None]
    return fmean(known) if known and len(known) == len(found) else None


def observe(outcomes: Sequence[Outcome], slot: Slot) -> Observation:
    """Measure a fault by the outcomes that were intended in its window."""
    mine = [it for it in outcomes if slot.start <= it.intended_at < slot.end]
    phases = {phase: [it for it in mine if slot.phase(it) is phase] for phase in Phase}

    def by_feature(phase: Phase) -> dict[str, Tally]:
        return {name: tally(it for it in phases[phase] if it.feature == name) for name in FEATURES}

    accepted = [it for it in mine if it.feature == BECOME_READY and it.accepted]
    return Observation(
        before=by_feature(Phase.BEFORE),
        during=by_feature(Phase.DURING),
        after=by_feature(Phase.AFTER),
        accepted_ready=tally(it for it in accepted if slot.phase(it) is Phase.DURING),
        recovered_seconds=recovered(mine, slot),
        watched_seconds=slot.end - slot.ended,
        drained_seconds=_drained([it for it in accepted if it.intended_at < slot.ended], slot),
    )


def recovered(
    outcomes: Iterable[Outcome], slot: Slot, *, hold_seconds: float = HOLD_SECONDS
) -> float | None:
    """Return the seconds from the failure's end until everything works for `hold_seconds`.

    That is the first moment from which `GOOD_SHARE` of what is intended in the stretch is served in
    time. None where there is no such moment whose stretch ends in the window.
    """
    later = sorted(
        (it for it in outcomes if slot.ended <= it.intended_at < slot.end),
        key=lambda outcome: outcome.intended_at,
    )
    starts = [slot.ended, *(it.intended_at + 1e-6 for it in later if not it.in_time)]
    for start in starts:
        held = [it for it in later if start <= it.intended_at < start + hold_seconds]
        good = sum(it.in_time for it in held)
        if start + hold_seconds > slot.end:
            return None
        if len(held) >= FEWEST_HELD and good >= GOOD_SHARE * len(held):
            return start - slot.ended
    return None


def _drained(accepted: Sequence[Outcome], slot: Slot) -> float | None:
    if not all(it.served for it in accepted):
        return None
    return max([0.0, *(it.ended_at - slot.ended for it in accepted)])
