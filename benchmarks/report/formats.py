"""Formats of figures as text, the same in the page, the terminal and the comparison."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from benchmarks.results_model.document import Run
from benchmarks.results_model.scaling import Estimate

NONE = "\u2013"
TIMES = "\u00d7"
NARROW_NO_BREAK = "\u202f"
MINUS = "\u2212"
MIB, KIB = 2**20, 2**10
_LABELS = {
    "postgres": "PostgreSQL",
    "valkey": "Valkey",
    "s3": "object store (S3)",
    "dynamodb": "DynamoDB emulator",
}


def label(kind: str) -> str:
    """Return the display name of a kind of process or backing service."""
    return _LABELS.get(kind, kind)


def number(value: float | None, digits: int = 1) -> str:
    """Return a number with so many decimal places; a dash for None."""
    if value is None:
        return NONE
    text = f"{abs(value):,.{digits}f}".replace(",", NARROW_NO_BREAK)
    is_below = value < 0 and text.strip("0.") != ""
    return f"{MINUS}{text}" if is_below else text


def significant(value: float | None, digits: int = 3) -> str:
    """Return a number with so many significant digits; a dash for None."""
    if value is None:
        return NONE
    text = f"{value:.{digits}g}"
    return number(value, 0) if "e+" in text else text.replace("-", MINUS)


def ms(value: float | None) -> str:
    """Return milliseconds with a sensible number of digits; a dash for None."""
    if value is None:
        return NONE
    return number(value, 0 if value >= 100 else 1)  # noqa: PLR2004 - three digits


def percent(share: float | None, digits: int = 0) -> str:
    """Return a share of 1 as a percentage; a dash for None."""
    return NONE if share is None else f"{number(share * 100, digits)}{NARROW_NO_BREAK}%"


def mib(amount: float | None) -> str:
    """Return bytes as a number of MiB; a dash for None."""
    return NONE if amount is None else number(amount / MIB, 0)


def kib(amount: float | None) -> str:
    """Return bytes as a number of KiB; a dash for None."""
    return NONE if amount is None else number(amount / KIB, 1)


_UNITS: dict[str, Callable[[float], str]] = {
    "ms": lambda value: f"{ms(value)} ms",
    "1/s": lambda value: f"{number(value, 2)}/s",
    "bytes": lambda value: f"{number(value / MIB, 1)} MiB",
    "s": lambda value: f"{number(value, 1)} s",
    "tests": lambda value: f"{number(value, 0)} tests",
    "share": lambda value: percent(value, 1),
    "": lambda value: number(value, 3),
}


def measured(value: float, unit: str) -> str:
    """Return a claim's measurement with its unit."""
    return _UNITS[unit](value)


def moment(text: str | None) -> str:
    """Return a time of the results document as text; a dash for None."""
    return NONE if text is None else datetime.fromisoformat(text).strftime("%-d %B %Y, %H:%M UTC")


def span(run: Run) -> str:
    """Return the time from a run's start to its end, pauses included; a dash if unknown."""
    if run.finished_at is None:
        return NONE
    began, ended = map(datetime.fromisoformat, (run.started_at, run.finished_at))
    minutes, seconds = divmod(round((ended - began).total_seconds()), 60)
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{minutes} min {seconds:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def count(amount: int, what: str) -> str:
    """Return an amount with a noun in singular or plural: 1 trial, 2 trials."""
    return f"{amount} {what}" if amount == 1 else f"{number(amount, 0)} {what}s"


class HasInterval(Protocol):
    """A figure with an interval, whose ends are None where there is none."""

    @property
    def low(self) -> float | None:
        """The lower end."""

    @property
    def high(self) -> float | None:
        """The upper end."""


def interval(found: HasInterval, digits: int = 3) -> str:
    """Return an interval as "low to high"; a dash if there is none."""
    if found.low is None or found.high is None:
        return NONE
    return f"{number(found.low, digits)} to {number(found.high, digits)}"


def fitted(estimate: Estimate) -> str:
    """Return a fitted value; "none" if it is infinite."""
    return "none" if estimate.value is None else significant(estimate.value)


def bounds(estimate: Estimate) -> str:
    """Return the interval of a fitted value, whose ends may be open; a dash for None."""
    if estimate.interval is None:
        return NONE
    low, high = estimate.interval.low, estimate.interval.high
    if low is None:
        return "no limit"
    return f"{significant(low)} " + ("or more" if high is None else f"to {significant(high)}")


def glued(sentence: str) -> str:
    """Return a sentence whose percent signs don't break from their numbers."""
    return sentence.replace(" %", f"{NARROW_NO_BREAK}%")


def capitalized(sentence: str) -> str:
    """Return a sentence with a capital first letter."""
    return sentence[:1].upper() + sentence[1:]
