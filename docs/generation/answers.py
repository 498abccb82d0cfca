"""The answers on the README and the start page, read from the committed example runs.

A claim's name leads to its figures; the words around them stand in `questions.toml`. What a figure
shows follows from its interval alone: a difference is stated only if the interval excludes
equality, which is 1 for a ratio and 0 for a difference.
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
MINUS = "\u2212"


class MissingClaimError(LookupError):
    """A committed run has no claim of a name that `questions.toml` has."""


@dataclass(frozen=True)
class Figure:
    """One measured ratio or difference, with its 95 % interval, and what it shows."""

    measure: str
    compared: str
    value: str
    low: str
    high: str
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
    if "ratio" in claim:
        value, low, high = (f"{claim[it]:.3f}" for it in ("ratio", "low", "high"))
        equal = 1.0
    else:
        value = _signed(claim["difference"], claim["unit"], with_unit=True)
        low, high = (_signed(claim[it], claim["unit"]) for it in ("low", "high"))
        equal = 0.0
    return Figure(
        measure=wanted["measure"],
        compared=wanted["compared"],
        value=value,
        low=low,
        high=high,
        shows=_shows(wanted, claim["low"], claim["high"], equal),
    )


def _shows(wanted: Mapping[str, str], low: float | None, high: float | None, equal: float) -> str:
    if low is not None and low > equal:
        return wanted["above"]
    if high is not None and high < equal:
        return wanted["below"]
    return "no difference" if low == high == equal else "inconclusive"


def _signed(value: float | None, unit: str, *, with_unit: bool = False) -> str:
    """Return a difference with its sign: percentage points of a share, or seconds."""
    if value is None:
        return "\u2013"
    number = f"{value * 100:+.1f}" if unit == "share" else f"{value:+.2f}"
    word = {"share": " points", "s": " s"}[unit] if with_unit else ""
    return f"{number}{word}".replace("-", MINUS)


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
