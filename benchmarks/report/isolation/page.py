"""The page: verdicts, the suites, the matrix, waiting times, pairs of faults, every fault."""

from collections.abc import Callable
from typing import Any

from markupsafe import Markup

from benchmarks.report import claim_texts, svg
from benchmarks.report.figures.distribution import Cases, distributions, quartiles
from benchmarks.report.isolation.matrix import COLUMNS, first_failure, matrices
from benchmarks.report.unloaded_page import draw, unfinished
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.isolation import IsolationResults
from benchmarks.results_model.isolation_faults import CountsByOwner, FaultSide, Wait

NAME = "isolation"
HUES = {"monolith": "first", "microservices": "second"}


def render(document: ResultsDocument, found: IsolationResults, *, packed: bool = False) -> str:
    """Return the page of the experiment; the document's raw files may be packed."""
    return draw(
        "isolation.html.j2",
        document,
        packed=packed,
        isolation=found,
        columns=COLUMNS,
        names=[fault.name for fault in found.faults],
        warnings=_warnings(document, found),
        matrices=matrices(found.faults),
        nulls=matrices(found.nulls),
        first_failure=first_failure,
        waits=_waits(found),
        drawings=_drawings(found),
        null_is_red=bool(_red_nulls(found)),
        is_cut=all(tier.network_cut for suite in found.suites for tier in suite.tiers.values()),
    )


def _warnings(document: ResultsDocument, found: IsolationResults) -> list[str]:
    cases = [case.name for case in (*found.faults, *found.nulls)]
    messages = unfinished(document, cases)
    red = _red_nulls(found)
    if red:
        messages.append(
            f"Tests failed though only a comment was changed ({', '.join(red)}): other failures "
            "may be independent of the fault, too."
        )
    return messages


def _red_nulls(found: IsolationResults) -> list[str]:
    return [null.name for null in found.nulls if any(_is_red(side) for side in null.sides.values())]


def _is_red(side: FaultSide) -> bool:
    none = CountsByOwner(own=0, whole=0, others=0)
    return side.red != none or side.unable != none


WAITS: tuple[tuple[Callable[[FaultSide], Wait | None], str], ...] = (
    (lambda side: side.wait, "all tests"),
    (lambda side: side.selected, "selected tests"),
)


def _waits(found: IsolationResults) -> list[dict[str, Any]]:
    """Return quartiles of seconds and tests until the verdict, by architecture and selection."""
    if not found.faults:
        return []
    return [
        {
            "title": f"{claim_texts.side_name(architecture)}, {selection}",
            "seconds": quartiles([it.seconds for it in _waits_of(found, architecture, wait)]),
            "tests": quartiles([it.tests for it in _waits_of(found, architecture, wait)]),
        }
        for architecture in HUES
        for wait, selection in WAITS
        if _waits_of(found, architecture, wait)
    ]


def _waits_of(
    found: IsolationResults, architecture: str, wait: Callable[[FaultSide], Wait | None]
) -> list[Wait]:
    """Return the waits for the faults of an architecture; none where no tests were selected."""
    waits = (wait(fault.sides[architecture]) for fault in found.faults)
    return [it for it in waits if it is not None]


def _drawings(found: IsolationResults) -> dict[str, Markup]:
    if not found.faults:
        return {}
    lines = [
        Cases(
            f"{claim_texts.side_name(architecture)}, {selection}",
            [it.seconds for it in _waits_of(found, architecture, wait)],
            svg.hue_colour(hue, 1),
            dashed=place > 0,
        )
        for architecture, hue in HUES.items()
        for place, (wait, selection) in enumerate(WAITS)
        if _waits_of(found, architecture, wait)
    ]
    drawn = distributions(
        lines,
        name="verdict-seconds",
        title="Seconds until the verdict, over all faults",
        x="seconds until the first failed test, or until all have passed",
        unit="s",
    )
    return {"seconds": Markup(drawn)}  # noqa: S704
