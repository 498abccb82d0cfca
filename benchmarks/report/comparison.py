"""The comparison of two results documents: one commit on two machines, or two commits on one.

Ratios are within each run's own blocks, so they can be compared directly. Absolute figures are
compared too, but between machines they reflect the machines first.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.report import formats
from benchmarks.report.page import VERDICT_CLASSES, draw_interval
from benchmarks.report.template_environment import environment
from benchmarks.results_model.arms import Arm
from benchmarks.results_model.claims import RatioClaim
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.experiments import TrialResults

MEASURES: tuple[tuple[Callable[[Arm], float | None], str, int], ...] = (
    (lambda arm: arm.cpu_ms_per_submission, "CPU-ms per submission", 1),
    (lambda arm: arm.capacity, "capacity, submissions/s", 2),
)

SHOWN = "load"  # in the terminal
CHANCE = frozenset({"load average before"})  # always differs and isn't a chosen condition


def render(first: ResultsDocument, second: ResultsDocument) -> str:
    """Return one page of both documents, of experiments with trials."""
    return (
        environment()
        .get_template("side_by_side.html.j2")
        .render(
            first=first,
            second=second,
            facts=facts(first, second),
            claims=claims(first, second),
            arms=arms(first, second),
            verdict_classes=VERDICT_CLASSES,
        )
    )


def show(first: ResultsDocument, second: ResultsDocument, console: Console) -> None:
    """Print the differences, the claims, and the arms of the load sweep."""
    for fact in facts(first, second):
        if fact["differs"]:
            console.print(
                f"differs: {fact['name']}: {fact['first']} | {fact['second']}",
                highlight=False,
                markup=False,
                soft_wrap=True,
            )
    table = Table(title="Claims", title_justify="left")
    for column in ("", first.run.id, second.run.id, "intervals"):
        table.add_column(column)
    for claim in claims(first, second):
        outcomes = map(_cell, (claim["first"], claim["second"]))
        table.add_row(claim["statement"], *outcomes, claim["meet"])
    console.print(table)
    table = Table(title=f"Arms, {SHOWN}", title_justify="left")
    for column in ("", "", first.run.id, second.run.id, "second ÷ first"):
        table.add_column(column, justify="left" if not column else "right")
    for row in arms(first, second):
        if row["sweep"] != SHOWN:
            continue
        both = (formats.number(row[side], row["digits"]) for side in ("first", "second"))
        table.add_row(row["arm"], row["measure"], *both, formats.number(row["ratio"], 3))
    console.print(table)


def _cell(claim: RatioClaim | None) -> str:
    if claim is None:
        return "not in this run"
    interval = "" if claim.low is None else f" [{formats.interval(claim)}]"
    return f"{formats.number(claim.ratio, 3)}{interval} {formats.verdict(claim.verdict)}"


def facts(first: ResultsDocument, second: ResultsDocument) -> list[dict[str, Any]]:
    """Return all facts about the two runs, each with whether it differs."""
    both = [dict(_facts(results)) for results in (first, second)]
    return [
        {
            "name": name,
            "first": both[0].get(name, formats.NONE),
            "second": both[1].get(name, formats.NONE),
            "differs": name not in CHANCE and both[0].get(name) != both[1].get(name),
        }
        for name in dict.fromkeys([*both[0], *both[1]])
    ]


def _loaded(document: ResultsDocument) -> TrialResults:
    """Return the results of an experiment with trials. Raises TypeError for another."""
    if not isinstance(document.results, TrialResults):
        raise TypeError(f"{document.experiment} has no trials")
    return document.results


def _facts(results: ResultsDocument) -> Iterator[tuple[str, str]]:
    run = results.run
    for name in ("profile", "image", "core_shared", "status"):
        yield f"run {name}".replace("_", " "), str(getattr(run, name))
    yield from _flat(results.environment, "")
    for sweep in _loaded(results).sweeps:
        yield f"{sweep.name} blocks", str(sweep.blocks)
        yield f"{sweep.name} seconds of a trial", f"{sweep.seconds:g}"


def _flat(values: Mapping[str, Any], before: str) -> Iterator[tuple[str, str]]:
    """Yield nested values under names of several words."""
    for key, value in values.items():
        name = f"{before}{key}".replace("_", " ")
        if isinstance(value, Mapping):
            yield from _flat(value, f"{name} ")
        elif isinstance(value, list):
            texts = (f"{one:.2f}" if isinstance(one, float) else str(one) for one in value)
            yield name, ", ".join(texts)
        else:
            yield name, str(value)


def claims(first: ResultsDocument, second: ResultsDocument) -> list[dict[str, Any]]:
    """Return each claim with both runs' outcomes; None for a run without that claim."""
    both = [{claim.name: claim for claim in _loaded(results).claims} for results in (first, second)]
    found = []
    for name in dict.fromkeys([*both[0], *both[1]]):
        one, other = both[0].get(name), both[1].get(name)
        known = one or other
        assert known is not None  # noqa: S101 - the name comes from one of the two
        found.append(
            {
                "statement": known.statement,
                "of": known.of,
                "measure": known.measure,
                "first": one,
                "second": other,
                "meet": _meet(one, other),
                "plots": [
                    None if claim is None else draw_interval(claim) for claim in (one, other)
                ],
            }
        )
    return found


def _meet(one: RatioClaim | None, other: RatioClaim | None) -> str:
    """Return whether the intervals "overlap" or "lie apart"; "not known" without both."""
    ends = [None if claim is None else (claim.low, claim.high) for claim in (one, other)]
    known = [
        (low, high) for low, high in filter(None, ends) if low is not None and high is not None
    ]
    if len(known) < len(ends):
        return "not known"
    (low, high), (other_low, other_high) = known
    return "overlap" if low <= other_high and other_low <= high else "lie apart"


def arms(first: ResultsDocument, second: ResultsDocument) -> list[dict[str, Any]]:
    """Return CPU-ms and capacity of every arm of either run, and second ÷ first if known."""
    both = [
        {(sweep.name, arm.name): arm for sweep in _loaded(results).sweeps for arm in sweep.arms}
        for results in (first, second)
    ]
    rows = []
    for key in dict.fromkeys([*both[0], *both[1]]):
        for value, measure, digits in MEASURES:
            one, other = (value(side[key]) if key in side else None for side in both)
            if one is None and other is None:
                continue
            rows.append(
                {
                    "sweep": key[0],
                    "arm": key[1],
                    "measure": measure,
                    "digits": digits,
                    "first": one,
                    "second": other,
                    "ratio": other / one if one and other else None,
                }
            )
    return rows
