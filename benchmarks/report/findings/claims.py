"""Claims of a results document in one shape, whichever experiment judged them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from benchmarks.report.findings.errors import require
from benchmarks.report.formats import NARROW_NO_BREAK, NONE, number, percent
from benchmarks.results_model.claims import RatioClaim
from benchmarks.results_model.faults import DifferenceClaim
from benchmarks.results_model.isolation import ShareClaim

POINTS = 100
VERDICTS = {  # words of earlier results documents, and the words of the pages
    "holds": "supported",
    "does not hold": "not supported",
    "too close to call on this machine": "inconclusive",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A judged claim: a ratio (`unit` ""), or a difference of shares ("share") or seconds ("s").

    `value`, `low` and `high` are None where nothing was measured.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    verdict: str

    @property
    def result(self) -> str:
        """The value with its 95 % interval, for a cell of a table."""
        interval = self.interval
        return self.amount if interval == NONE else f"{self.amount} ({interval})"

    @property
    def amount(self) -> str:
        """The value with its unit; a difference has its sign."""
        unit = {"share": " points", "s": f"{NARROW_NO_BREAK}s"}.get(self.unit, "")
        return NONE if self.value is None else f"{self._text(self.value)}{unit}"

    @property
    def interval(self) -> str:
        """The ends of the interval, without a unit."""
        if self.low is None or self.high is None:
            return NONE
        return f"{self._text(self.low)} to {self._text(self.high)}"

    @property
    def change(self) -> str:
        """How far a ratio is from 1, as a percentage without a sign."""
        return NONE if self.value is None else percent(abs(self.value - 1), 1)

    @property
    def change_interval(self) -> str:
        """The same of the ends of an interval that lies on one side of 1, the smaller first."""
        if self.low is None or self.high is None:
            return NONE
        near, far = sorted((abs(self.low - 1), abs(self.high - 1)))
        return f"{percent(near, 1)} to {percent(far, 1)}"

    @property
    def factor(self) -> str:
        """A ratio to two digits, for a sentence: "1.37"."""
        return number(self.value, 2)

    @property
    def factor_interval(self) -> str:
        """The ends of its interval, alike."""
        return f"{number(self.low, 2)} to {number(self.high, 2)}"

    def _text(self, value: float) -> str:
        if self.unit == "":
            return number(value, 2 if (self.value or 0) >= 2 else 3)  # noqa: PLR2004 - three digits
        text = number(value * POINTS if self.unit == "share" else value, 1)
        return f"+{text}" if value > 0 else text


@dataclass(frozen=True, slots=True)
class Sentence:
    """A claim as a page has it, and the verdict that the page's other sentences assume."""

    text: str
    verdict: str


def verdict_of(text: str) -> str:
    """Return the verdict in the words of the pages."""
    return VERDICTS.get(text, text)


def ratios(judged: Iterable[RatioClaim]) -> dict[str, Claim]:
    """Return claims about ratios, by name."""
    return {
        claim.name: Claim(
            name=claim.name,
            value=claim.ratio,
            low=claim.low,
            high=claim.high,
            unit="",
            verdict=verdict_of(claim.verdict),
        )
        for claim in judged
    }


def differences(judged: Iterable[DifferenceClaim | ShareClaim]) -> dict[str, Claim]:
    """Return claims about differences, by name."""
    return {
        claim.name: Claim(
            name=claim.name,
            value=claim.difference,
            low=claim.low,
            high=claim.high,
            unit=claim.unit if isinstance(claim, DifferenceClaim) else "share",
            verdict=verdict_of(claim.verdict),
        )
        for claim in judged
    }


def rows(sentences: Mapping[str, Sentence], claims: Mapping[str, Claim]) -> list[tuple[str, Claim]]:
    """Match each claim's sentence with the claim, both by the claim's name.

    OutdatedSentencesError for a claim without a sentence, a sentence without a claim, or another
    verdict than the assumed one.
    """
    require("claims", shown=sorted(claims), assumed=sorted(sentences))
    for name, sentence in sentences.items():
        require(f"verdict of {name}", shown=claims[name].verdict, assumed=sentence.verdict)
    return [(sentence.text, claims[name]) for name, sentence in sentences.items()]
