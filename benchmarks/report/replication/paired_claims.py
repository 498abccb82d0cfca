"""Each claim of two runs: both values, whether the intervals meet and the verdicts agree."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from benchmarks.analysis.verdicts import Verdict
from benchmarks.report import claim_texts
from benchmarks.results_model.claims import JudgedClaim

_OPPOSITE = {Verdict.SUPPORTED, Verdict.NOT_SUPPORTED}


class Agreement(StrEnum):
    """How the verdicts of two runs on one claim go together."""

    SAME = "same"
    DIFFERS = "differs"
    FLIPS = "flips"  # supported by one run, not supported by the other
    ONE_RUN = "in one run only"


@dataclass(frozen=True, slots=True)
class PairedClaim:
    """A claim of an experiment; None for a run without it, or with other sides."""

    experiment: str
    first: JudgedClaim | None
    second: JudgedClaim | None

    @property
    def known(self) -> JudgedClaim:
        """The claim of either run, for what both have in common."""
        found = self.first or self.second
        if found is None:
            raise ValueError("neither run has the claim")
        return found

    @property
    def agreement(self) -> Agreement:
        """Whether the verdicts are the same."""
        if self.first is None or self.second is None:
            return Agreement.ONE_RUN
        if self.first.verdict is self.second.verdict:
            return Agreement.SAME
        is_flipped = {self.first.verdict, self.second.verdict} == _OPPOSITE
        return Agreement.FLIPS if is_flipped else Agreement.DIFFERS

    @property
    def intervals(self) -> str:
        """Whether the intervals "overlap" or "lie apart"; "not known" without both."""
        found = [
            (claim.low, claim.high)
            for claim in (self.first, self.second)
            if claim is not None and claim.low is not None and claim.high is not None
        ]
        if len(found) < 2:  # noqa: PLR2004 - both
            return "not known"
        (low, high), (other_low, other_high) = found
        return "overlap" if low <= other_high and other_low <= high else "lie apart"


def paired(
    experiment: str, first: Iterable[JudgedClaim], second: Iterable[JudgedClaim]
) -> list[PairedClaim]:
    """Return the claims of either run of an experiment, those of the first one first.

    A claim that compares other sides in the other run is another claim.
    """
    both = [
        {(claim.name, claim_texts.of(claim)): claim for claim in claims}
        for claims in (first, second)
    ]
    return [
        PairedClaim(experiment, both[0].get(key), both[1].get(key))
        for key in dict.fromkeys([*both[0], *both[1]])
    ]
