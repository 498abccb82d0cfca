"""A claim about the architectures, as it stands before anything is measured."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.results_model.claims import Scale, Unit

MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Claim:
    """The claim that the `measure` of side `first` is larger than that of side `second`.

    `sentence` gives a ratio in words, with `{times}` for it: "the services need {times} the CPU";
    or of cases how many of them, with `{first}`, `{second}` and `{cases}`.
    `smallest` is the smallest effect that matters: a ratio minus 1, or a difference in `unit`.
    `depends` lists the choices and conditions that it rests on. `restates` names the claim that it
    puts in other words: it is shown and not judged. `is_binary` is for a difference of shares whose
    block is one case: a side's measurement is 1 where it is so, and 0 where it isn't.
    """

    name: str
    statement: str
    measure: str
    sweep: str
    unit: Unit
    first: str
    second: str
    smallest: float
    sentence: str = ""
    scale: Scale = Scale.RATIO
    depends: tuple[str, ...] = ()
    restates: str = ""
    is_binary: bool = False

    @property
    def least(self) -> str:
        """The smallest effect that matters, in words: "2 %", "5 points"."""
        if self.scale is Scale.RATIO:
            return f"{100 * self.smallest:.3g} %"
        if self.unit == "share":
            return f"{100 * self.smallest:.3g} points"
        return f"{self.smallest:.3g} {self.unit}".rstrip()

    def words(
        self,
        value: float | None,
        low: float | None,
        high: float | None,
        *,
        per: str,
        cases: Sequence[tuple[float, float]] = (),
    ) -> str:
        """Return the value as a sentence, with its interval; of `cases` that are so, their counts.

        `cases` are both sides' measurements of each case.
        """
        if value is None:
            return "Nothing was measured that counts."
        if self.is_binary and self.sentence:
            first, second = (round(sum(side)) for side in zip(*cases, strict=True))
            counted = self.sentence.format(first=first, second=second, cases=len(cases))
            return f"{counted}."
        if self.scale is Scale.RATIO:
            sentence = self.sentence.format(times=f"{_number(value)} times")
        else:
            sentence = f"{self.first} {MINUS} {self.second}: {self._amount(value)}"
        sentence = sentence[0].upper() + sentence[1:]
        if low is None or high is None:
            return f"{sentence}, in the one {per} that counts."
        return f"{sentence} ({self._amount(low)} to {self._amount(high)})."

    def _amount(self, value: float) -> str:
        if self.scale is Scale.RATIO:
            return _number(value)
        text = f"{100 * value:+.1f} points" if self.unit == "share" else f"{value:+.2f} {self.unit}"
        return text.replace("-", MINUS)


def _number(ratio: float) -> str:
    """Return a ratio with the digits that the report's tables have: 1.054, 2.94, 13.8."""
    digits = sum(ratio < limit for limit in (2, 10, 100))
    return f"{ratio:.{digits}f}"
