"""The answers on the README and the start page, read from the committed example runs.

A claim's name leads to its figures and its verdict; the words around them are in `questions.toml`.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from generation.paths import DOCS, RESULTS

QUESTIONS = DOCS / "generation" / "questions.toml"
MINUS, NONE = "\u2212", "\u2013"
LARGE = 10  # ratios from here on have three digits
UNITS = {  # factor, decimal places, words
    "ms": (1, 1, " ms"),
    "s": (1, 1, " s"),
    "1/s": (1, 2, "/s"),
    "bytes": (2**-20, 1, " MiB"),
    "share": (100, 1, " %"),
    "tests": (1, 0, " tests"),
    "": (1, 3, ""),
}


class MissingClaimError(LookupError):
    """A committed run has no claim of a name that `questions.toml` has."""


@dataclass(frozen=True)
class Figure:
    """One measured ratio or difference, with its 95 % interval, both sides, and the verdict."""

    measure: str
    sides: str
    compared: str
    value: str
    interval: str
    shows: str


@dataclass(frozen=True)
class Answer:
    """A question with its figures; none where no run is committed yet. `page` has the details."""

    name: str
    title: str
    question: str
    page: str
    figures: tuple[Figure, ...]


def answers(results: Path = RESULTS) -> list[Answer]:
    """Return the answers in the order of `questions.toml`.

    Raises MissingClaimError if a run lacks a claim that is to be shown.
    """
    questions = tomllib.loads(QUESTIONS.read_text(encoding="utf-8"))
    return [
        Answer(
            name=name,
            title=question["title"],
            question=question["question"],
            page=question["page"],
            figures=tuple(
                _figure(figure, path)
                for figure in question["figures"]
                if (path := results / figure["run"] / "results.json").exists()
            ),
        )
        for name, question in questions.items()
    ]


def _figure(wanted: Mapping[str, str], path: Path) -> Figure:
    claim = _claim(path, wanted["experiment"], wanted["claim"])
    ends = (claim["low"], claim["high"])
    sign = "÷" if claim["scale"] == "ratio" else MINUS
    return Figure(
        measure=wanted["measure"],
        sides=", ".join(
            f"{claim[f'{side}_side']} {_amount(claim[side], claim['unit'])}"
            for side in ("first", "second")
        ),
        compared=f"{claim['first_side']} {sign} {claim['second_side']}",
        value=_compared(claim["value"], claim),
        interval=NONE
        if None in ends
        else f"{_bare(ends[0], claim)} to {_compared(ends[1], claim)}",
        shows=_shows(wanted, claim["verdict"]),
    )


def _shows(wanted: Mapping[str, str], verdict: str) -> str:
    """Return the words for a verdict: those of `questions.toml` where a side is ahead."""
    words = {"supported": wanted["supported"], "not supported": wanted["not_supported"]}
    return words.get(verdict, verdict)


def _compared(value: float | None, claim: Mapping[str, Any]) -> str:
    """Return a ratio; or a difference with its sign and unit."""
    if value is None:
        return NONE
    unit = "" if claim["scale"] == "ratio" else {"share": " points"}.get(claim["unit"])
    return _bare(value, claim) + (f" {claim['unit']}" if unit is None else unit)


def _bare(value: float, claim: Mapping[str, Any]) -> str:
    """Return the number alone; a share's in percentage points."""
    if claim["scale"] == "ratio":
        return f"{value:.3f}" if value < LARGE else f"{value:.3g}"
    number = f"{value * 100:+.1f}" if claim["unit"] == "share" else f"{value:+.2f}"
    return number.replace("-", MINUS)


def _amount(value: float | None, unit: str) -> str:
    """Return one side's value with its unit."""
    if value is None:
        return NONE
    scale, digits, word = UNITS[unit]
    return f"{value * scale:.{digits}f}{word}"


def _claim(path: Path, experiment: str, name: str) -> Mapping[str, Any]:
    for claim in _claims(path, experiment):
        if claim["name"] == name:
            return claim
    message = f"{path}: experiment {experiment} has no claim {name}"
    raise MissingClaimError(message)


@cache
def _claims(path: Path, experiment: str) -> list[Mapping[str, Any]]:
    content = json.loads(path.read_text(encoding="utf-8"))
    found: list[Mapping[str, Any]] = content["experiments"][experiment]["claims"]
    return found
