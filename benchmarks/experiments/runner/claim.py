"""A claim about the architectures, and the sentence that a measured ratio gives."""

from dataclasses import dataclass

from benchmarks.analysis.ratios import RatioInterval, Side

MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Claim:
    """What is judged: `side` is where the claim puts the ratio `of` its two measurements."""

    name: str
    statement: str
    measure: str
    of: str
    sweep: str
    side: Side
    more: str
    less: str

    def words(self, interval: RatioInterval) -> str:
        """Return the ratio as a sentence, with the range in which it lies."""
        if interval.ratio is None:
            return "Nothing was measured that counts."
        form = self.more if interval.ratio >= 1 else self.less
        sentence = form.format(percent=_percent(interval.ratio))
        sentence = sentence[0].upper() + sentence[1:]
        if interval.low is None or interval.high is None:
            return f"{sentence}, in the one block that counts."
        return f"{sentence} ({_signed(interval.low)} to {_signed(interval.high)})."


def _percent(ratio: float) -> str:
    return f"{abs(ratio - 1):.1%}".replace("%", " %")


def _signed(ratio: float) -> str:
    return f"{ratio - 1:+.1%}".replace("%", " %").replace("-", MINUS)
