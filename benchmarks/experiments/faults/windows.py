"""One fault's window: what was served before, during and after the failure, and the recovery."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from benchmarks.experiments.faults.features import BECOME_READY, FEATURES, Outcome
from benchmarks.experiments.faults.recovery import quick_as_before, recovered, unavailable
from benchmarks.experiments.faults.slots import Phase, Slot

FEWEST_BEFORE = 1  # outcomes of a feature in the calm seconds
CALM_SHARE = 0.75  # of a feature's outcomes in the calm seconds, else the fault isn't counted


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
    accepted. From the failure's end count `recovered_seconds` (until all is served in time),
    `normal_seconds` (until all is as quick as before), both None where that wasn't so within the
    `watched_seconds`, and `drained_seconds` (until the last submission that was accepted before
    that end was final), None where one never was. `unavailable_seconds` are those of the window in
    which at least one feature was unavailable.
    """

    before: Mapping[str, Tally]
    during: Mapping[str, Tally]
    after: Mapping[str, Tally]
    accepted_ready: Tally
    recovered_seconds: float | None
    normal_seconds: float | None
    unavailable_seconds: float
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
        normal_seconds=recovered(mine, slot, is_good=quick_as_before(mine, slot)),
        unavailable_seconds=unavailable(mine, slot),
        watched_seconds=slot.end - slot.ended,
        drained_seconds=_drained([it for it in accepted if it.intended_at < slot.ended], slot),
    )


def _drained(accepted: Sequence[Outcome], slot: Slot) -> float | None:
    if not all(it.served for it in accepted):
        return None
    return max([0.0, *(it.ended_at - slot.ended for it in accepted)])
