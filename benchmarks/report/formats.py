"""Figures as text, the same in the page, in the terminal and side by side."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from benchmarks.analysis.power import HALF_WIDTH

NONE = "\u2013"
TIMES = "\u00d7"
NARROW_NO_BREAK = "\u202f"
MINUS = "\u2212"
MIB, KIB = 2**20, 2**10
ROUNDING = 1e-9
_LABELS = {
    "postgres": "PostgreSQL",
    "valkey": "Valkey",
    "s3": "object store (S3)",
    "dynamodb": "DynamoDB emulator",
}


def label(kind: str) -> str:
    """A kind of process or part as people write it."""
    return _LABELS.get(kind, kind)


def number(value: float | None, digits: int = 1) -> str:
    """A number, or a dash where there is none."""
    if value is None:
        return NONE
    text = f"{abs(value):,.{digits}f}".replace(",", NARROW_NO_BREAK)
    is_below = value < 0 and text.strip("0.") != ""
    return f"{MINUS}{text}" if is_below else text


def significant(value: float | None, digits: int = 3) -> str:
    """A number with so many significant digits, never as a power of ten above 0.0001."""
    if value is None:
        return NONE
    text = f"{value:.{digits}g}"
    return number(value, 0) if "e+" in text else text.replace("-", MINUS)


def ms(value: float | None) -> str:
    """Milliseconds, with as many digits as mean something."""
    if value is None:
        return NONE
    return number(value, 0 if value >= 100 else 1)  # noqa: PLR2004 - three digits


def percent(share: float | None, digits: int = 0) -> str:
    """A share of 1 as a percentage."""
    return NONE if share is None else f"{number(share * 100, digits)}{NARROW_NO_BREAK}%"


def mib(amount: float | None) -> str:
    """Bytes as MiB."""
    return NONE if amount is None else number(amount / MIB, 0)


def kib(amount: float | None) -> str:
    """Bytes as KiB."""
    return NONE if amount is None else number(amount / KIB, 1)


_UNITS: dict[str, Callable[[float], str]] = {
    "ms": lambda value: f"{ms(value)} ms",
    "1/s": lambda value: f"{number(value, 2)}/s",
    "bytes": lambda value: f"{number(value / MIB, 1)} MiB",
    "s": lambda value: f"{number(value, 1)} s",
    "tests": lambda value: number(value, 0),
    "": lambda value: number(value, 3),
}


def measured(value: float, unit: str) -> str:
    """A claim's measurement with its unit."""
    return _UNITS[unit](value)


def moment(text: str | None) -> str:
    """A time of the results document for people."""
    return NONE if text is None else datetime.fromisoformat(text).strftime("%-d %B %Y, %H:%M UTC")


def span(run: Mapping[str, Any]) -> str:
    """How long a run took, from its beginning to its end, pauses included."""
    if run["finished_at"] is None:
        return NONE
    began, ended = (datetime.fromisoformat(run[key]) for key in ("started_at", "finished_at"))
    minutes, seconds = divmod(round((ended - began).total_seconds()), 60)
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{minutes} min {seconds:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def count(amount: int, what: str) -> str:
    """An amount of something that takes an s: 1 trial, 2 trials."""
    return f"{amount} {what}" if amount == 1 else f"{number(amount, 0)} {what}s"


def interval(it: Mapping[str, Any], digits: int = 3) -> str:
    """Where an interval lies; a dash where there is none."""
    if it["low"] is None or it["high"] is None:
        return NONE
    return f"{number(it['low'], digits)} to {number(it['high'], digits)}"


def fitted(it: Mapping[str, Any]) -> str:
    """A fitted value; "none" if it isn't finite."""
    return "none" if it["value"] is None else significant(it["value"])


def bounds(it: Mapping[str, Any]) -> str:
    """The interval of a fitted value, an end of which may be open; a dash where there is none."""
    if it["interval"] is None:
        return NONE
    low, high = it["interval"]["low"], it["interval"]["high"]
    if low is None:
        return "no limit"
    return f"{significant(low)} " + ("or more" if high is None else f"to {significant(high)}")


def glued(sentence: str) -> str:
    """With its percent signs beside their numbers, whatever the width of the page."""
    return sentence.replace(" %", f"{NARROW_NO_BREAK}%")


def power(claim: Mapping[str, Any]) -> str:
    """What so many blocks can find, and how many ± 5 % takes."""
    if claim["scatter"] is None:
        return "With so few blocks nothing is known of the scatter, or of what could be found."
    if claim["scatter"] < ROUNDING or claim["detectable"] is None:
        return "The blocks don't scatter, so nothing can be said of what could be found."
    goal = percent(HALF_WIDTH)
    return (
        f"Found with {count(len(claim['blocks']), 'block')}: effects from "
        f"±{percent(claim['detectable'], 1)}. Blocks for ±{goal}: "
        f"{number(claim['blocks_for_5_percent'], 0)}."
    )


def capitalized(sentence: str) -> str:
    """With a capital letter, and all others as they are."""
    return sentence[:1].upper() + sentence[1:]
