"""A claim about the architectures, as it stands before anything is measured."""

from dataclasses import dataclass

from benchmarks.results_model.claims import Scale, Unit

MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Claim:
    """The claim that the `measure` of side `first` is larger than that of side `second`.

    `sentence` gives a ratio in words, with `{times}` for it: "the services need {times} the CPU".
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

    def words(self, value: float | None, low: float | None, high: float | None, *, per: str) -> str:
        """Return the value as a sentence, with its interval."""
        if value is None:
            return "Nothing was measured that counts."
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
    """Return a ratio with three significant digits, two decimals at most under 10: 1.05, 13.8."""
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.3g}"  # noqa: PLR2004
