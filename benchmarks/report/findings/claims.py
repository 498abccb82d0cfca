"""Judged claims as the findings pages write them: rows of a table, and sentences of the text.

Every sentence follows from the verdict, so that no page states what a run leaves open.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.analysis.verdicts import Verdict
from benchmarks.report import claim_texts
from benchmarks.report.formats import NONE, capitalized, measured
from benchmarks.results_model.claims import JudgedClaim, Scale, Unit

_ENDINGS = {
    Verdict.SUPPORTED: "",
    Verdict.NOT_SUPPORTED: "; the claim is not supported",
    Verdict.NO_DIFFERENCE: ", which is no difference that matters",
    Verdict.INCONCLUSIVE: "; the verdict is inconclusive",
    None: "",
}


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A claim measured in another way."""

    variation: str
    result: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A judged claim in the words of a page."""

    judged: JudgedClaim

    @property
    def statement(self) -> str:
        """The claim as a sentence."""
        return self.judged.statement

    @property
    def verdict(self) -> str:
        """The verdict, or that the claim restates another."""
        return claim_texts.verdict(self.judged)

    @property
    def is_supported(self) -> bool:
        """Whether the claim is supported."""
        return self.judged.verdict is Verdict.SUPPORTED

    @property
    def is_open(self) -> bool:
        """Whether the run decides nothing about the claim."""
        return self.judged.verdict is Verdict.INCONCLUSIVE

    @property
    def amount(self) -> str:
        """The ratio, or the difference with its sign and unit."""
        return claim_texts.compared(self.judged.value, self.judged)

    @property
    def interval(self) -> str:
        """The ends of the 95 % interval."""
        return claim_texts.interval(self.judged, self.judged)

    @property
    def result(self) -> str:
        """The value with its interval."""
        return _result(self.amount, self.interval)

    @property
    def first(self) -> str:
        """The side that is larger by the claim, with its value."""
        return _side(self.judged.first_side, self.judged.first, self.judged.unit)

    @property
    def second(self) -> str:
        """The other side, with its value."""
        return _side(self.judged.second_side, self.judged.second, self.judged.unit)

    @property
    def values(self) -> str:
        """Both sides' values without their names: "82.1 ms and 78.0 ms"."""
        both = (self.judged.first, self.judged.second)
        return " and ".join(NONE if it is None else measured(it, self.judged.unit) for it in both)

    @property
    def finding(self) -> str:
        """A sentence with the figure and, unless the claim is supported, the verdict."""
        judged = self.judged
        if judged.value is None:
            return f"{judged.statement.removesuffix('.')}: nothing was measured that counts."
        if judged.scale is Scale.RATIO:
            words = judged.words.removesuffix(".")
        else:
            words = (
                f"{capitalized(judged.measure)}: {self.first}, {self.second}, a difference of "
                f"{self.result}"
            )
        return f"{words}{_ENDINGS[judged.verdict]}."

    def decide(self, supported: str, refuted: str, question: str) -> str:
        """Return what follows for a decision, by the verdict; `question` is what stays open."""
        if self.is_supported:
            return supported
        return f"this run leaves open {question}" if self.is_open else refuted

    @property
    def other_verdicts(self) -> str:
        """A sentence on the verdicts of the other ways of measuring; empty if there are none."""
        counts = Counter(str(it.verdict) for it in self.judged.alternatives)
        if not counts:
            return ""
        ways = "one other way" if counts.total() == 1 else f"{counts.total()} other ways"
        verdicts = ", ".join(f"{verdict} in {count}" for verdict, count in counts.most_common())
        return f"Measured in {ways}, the claim is {verdicts}."

    @property
    def otherwise(self) -> list[Otherwise]:
        """The same claim, measured in other ways."""
        return [
            Otherwise(
                capitalized(it.variation),
                _result(
                    claim_texts.compared(it.value, self.judged),
                    claim_texts.interval(it, self.judged),
                ),
                str(it.verdict),
            )
            for it in self.judged.alternatives
        ]


def _side(name: str, value: float | None, unit: Unit) -> str:
    """Return a side as the pages name it, with its value."""
    return claim_texts.side("services" if name == "microservices" else name, value, unit)


def _result(amount: str, interval: str) -> str:
    return amount if interval == NONE else f"{amount} ({interval})"


def by_name(judged: Iterable[JudgedClaim]) -> dict[str, Claim]:
    """Return claims by their names, with underscores, as a template writes them."""
    return {claim.name.replace("-", "_"): Claim(claim) for claim in judged}
