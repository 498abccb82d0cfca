"""The page: verdicts, heat maps, every fault in figures, trials, and threats to validity."""

from collections.abc import Sequence
from functools import cache
from statistics import fmean
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from benchmarks.report.figures.heat_map import Row, heat_map
from benchmarks.report.formats import NONE, number
from benchmarks.report.template_environment import environment
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.faults import FaultsResults
from benchmarks.results_model.faults_figures import (
    FaultFigures,
    FaultsArm,
    FaultsSweep,
    SecondsAfter,
)


def render(document: ResultsDocument, found: FaultsResults, *, packed: bool = False) -> str:
    """Return the page of the experiment; the document's raw files may be packed."""
    return (
        _templates()
        .get_template("faults.html.j2")
        .render(
            results=document,
            packed=packed,
            run=document.run,
            environment=document.environment,
            is_external=False,
            faults=found,
            warnings=warnings(document, found),
            drawings={sweep.name: _maps(sweep, found.features) for sweep in found.sweeps},
            unrecovered=_unrecovered(found),
            void=[trial for trial in found.trials if trial.void],
        )
    )


@cache
def _templates() -> Environment:
    """Return the environment with this page's own filters."""
    found = environment().overlay()
    found.filters = {**found.filters, "since": since, "mean_of": mean_of}
    return found


def mean_of(fault: FaultFigures, phase: str) -> float | None:
    """Return the mean over features of one phase; None if one feature has no share."""
    if phase == "during":
        return fault.mean
    features = fault.features.values()
    shares = [it.before if phase == "before" else it.after for it in features]
    known = [share for share in shares if share is not None]
    return fmean(known) if len(known) == len(shares) else None


def since(seconds: SecondsAfter) -> str:
    """Return the mean seconds after a failure, and how often they weren't observed."""
    missing = f"{seconds.not_seen} not observed" if seconds.not_seen else ""
    if seconds.mean is None:
        return missing or NONE
    mean = f"{number(seconds.mean, 1)} s"
    return f"{mean}; {missing}" if missing else mean


def warnings(document: ResultsDocument, found: FaultsResults) -> list[str]:
    """Return the warnings of a run, each in one or two sentences."""
    run = document.run
    messages = []
    if run.status != "complete":
        messages.append(
            f"The run is not complete: {run.status.rstrip('.')}. "
            "The measurements until then are shown."
        )
    if run.core_shared:
        messages.append("The load generator shared a core with the target.")
    if run.resumed_at:
        messages.append("The run was stopped and resumed: its blocks are from different hours.")
    disturbed = [trial for trial in found.trials if trial.disturbed]
    if disturbed:
        messages.append(
            f"Other processes used over a tenth of the target's core, or of the one beside it, in "
            f"{len(disturbed)} of {len(found.trials)} trials. This affects latency and "
            "recovery."
        )
    if document.environment.get("source", {}).get("changed"):
        messages.append("The source had uncommitted changes.")
    return messages


def _maps(sweep: FaultsSweep, features: Sequence[str]) -> list[dict[str, Any]]:
    most = max(len(arm.faults) for arm in sweep.arms)
    return [
        {
            "arm": arm.name,
            "drawing": Markup(  # noqa: S704 - drawn here
                heat_map(
                    _rows(arm, features),
                    features,
                    most_rows=most,
                    name=f"{sweep.name}-{arm.name}",
                    title=f"{sweep.title}: {arm.name}, availability by feature",
                )
            ),
        }
        for arm in sweep.arms
    ]


def _rows(arm: FaultsArm, features: Sequence[str]) -> list[Row]:
    return [
        Row(
            fault.component,
            [fault.features[feature].during.share for feature in features],
            fault.mean,
        )
        for fault in arm.faults
    ]


def _unrecovered(found: FaultsResults) -> list[str]:
    """Return the faults from which the target didn't recover in the observed time."""
    return [
        f"{arm.name}, {fault.name}: {fault.normal.not_seen} of {fault.trials}"
        for sweep in found.sweeps
        for arm in sweep.arms
        for fault in arm.faults
        if fault.normal.not_seen
    ]
