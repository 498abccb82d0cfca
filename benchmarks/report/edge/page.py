"""The page: verdicts, where the CPU time of a visit goes, every visit in figures, trials."""

from typing import Any

from markupsafe import Markup

from benchmarks.report import svg
from benchmarks.report.edge.figures import KINDS, cpu_bars, visits_of
from benchmarks.report.unloaded_page import draw
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.edge import EdgeResults, EdgeSweep

# Each kind has a figure of its own: a first visit takes thirty times the CPU of a return visit.
DRAWN = ("first visit", "return visit", "image")
BUSY = 0.8  # of the generator's core: then the requests a second are its limit


def render(document: ResultsDocument, found: EdgeResults, *, packed: bool = False) -> str:
    """Return the page of the experiment; the document's raw files may be packed."""
    return draw(
        "edge.html.j2",
        document,
        packed=packed,
        edge=found,
        warnings=warnings(document, found),
        drawings={sweep.name: _drawings(sweep) for sweep in found.sweeps},
        legend=_legend(),
        void=[trial for trial in found.trials if trial.void],
        busy=BUSY,
    )


def warnings(document: ResultsDocument, found: EdgeResults) -> list[str]:
    """Return the warnings of a run, each in one or two sentences."""
    run, messages = document.run, []
    if run.status != "complete":
        messages.append(
            f"The run is not complete: {run.status.rstrip('.')}. "
            "The measurements until then are shown."
        )
    if run.core_shared:
        messages.append("The visits shared a core with the target.")
    if run.resumed_at:
        messages.append("The run was stopped and resumed: its blocks are from different hours.")
    disturbed = [trial for trial in found.trials if trial.disturbed]
    if disturbed:
        messages.append(
            "Other processes used over a tenth of the target's core, or of the one beside it, in "
            f"{len(disturbed)} of {len(found.trials)} trials."
        )
    if document.environment.get("source", {}).get("changed"):
        messages.append("The source had uncommitted changes.")
    return messages


def _drawings(sweep: EdgeSweep) -> list[dict[str, Any]]:
    architectures = dict.fromkeys(visits.architecture for visits in sweep.visits)
    return [
        {
            "title": f"{architecture}, {kind}",
            "svg": Markup(  # noqa: S704 - our own drawing, its text escaped
                cpu_bars(
                    visits,
                    name=f"{sweep.name}-{architecture}-{kind.replace(' ', '-')}",
                    title=f"CPU-ms of a visit: {architecture}, {kind}",
                )
            ),
        }
        for architecture in architectures
        for kind in DRAWN
        if (visits := visits_of(sweep, architecture, kind))
    ]


def _legend() -> list[dict[str, str]]:
    return [
        {
            "name": kind[1],
            "variable": svg.variable_of(svg.kind_colour(svg.kind_number(KINDS, kind))),
        }
        for kind in KINDS
    ]
