"""Two runs as pairs of results documents, one pair for each experiment that both have."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.report.replication.conditions import COMMIT, Condition, conditions
from benchmarks.report.replication.paired_arms import PairedArm, paired_arms
from benchmarks.report.replication.paired_claims import Agreement, PairedClaim, paired
from benchmarks.results_model.document import ResultsDocument


@dataclass(frozen=True, slots=True)
class ExperimentPair:
    """One experiment in both runs."""

    name: str
    title: str
    claims: tuple[PairedClaim, ...]
    arms: tuple[PairedArm, ...]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Replication:
    """Two runs, by their names. `missing` names each experiment that one of them lacks."""

    first: str
    second: str
    experiments: tuple[ExperimentPair, ...]
    missing: tuple[str, ...]

    @property
    def claims(self) -> list[PairedClaim]:
        """Every claim of every experiment."""
        return [claim for experiment in self.experiments for claim in experiment.claims]

    @property
    def is_flipped(self) -> bool:
        """Whether one run supports a claim that the other doesn't support."""
        return any(claim.agreement is Agreement.FLIPS for claim in self.claims)

    @property
    def is_of_one_commit(self) -> bool:
        """Whether both runs are of the same commit."""
        return not any(
            it.name == COMMIT and it.differs
            for experiment in self.experiments
            for it in experiment.conditions
        )

    @property
    def disagreeing(self) -> list[PairedClaim]:
        """The claims whose verdicts differ, those that flip first."""
        found = [it for it in self.claims if it.agreement in {Agreement.FLIPS, Agreement.DIFFERS}]
        return sorted(found, key=lambda pair: pair.agreement is not Agreement.FLIPS)

    @property
    def summary(self) -> str:
        """How many verdicts agree, in one sentence; a claim that restates another has none."""
        counts = Counter(it.agreement for it in self.claims if not it.known.restates)
        both = sum(counts.values()) - counts[Agreement.ONE_RUN]
        return (
            f"Of {both} claims in both runs, {counts[Agreement.SAME]} have the same verdict, "
            f"{counts[Agreement.DIFFERS]} another one, and {counts[Agreement.FLIPS]} flip between "
            "supported and not supported."
        )


def replication_of(
    names: tuple[str, str],
    first: Mapping[str, ResultsDocument],
    second: Mapping[str, ResultsDocument],
) -> Replication:
    """Return the documents of two runs, by experiment; `names` are those of the runs."""
    return Replication(
        first=names[0],
        second=names[1],
        experiments=tuple(
            ExperimentPair(
                name=name,
                title=document.results.title,
                claims=tuple(paired(name, document.results.claims, second[name].results.claims)),
                arms=tuple(paired_arms(document.results, second[name].results)),
                conditions=tuple(conditions(document, second[name])),
            )
            for name, document in first.items()
            if name in second
        ),
        missing=tuple(
            name for name in [*first, *second] if name not in first or name not in second
        ),
    )
