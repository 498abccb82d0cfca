"""The floor: the work in a plain loop, and each arm's CPU in multiples of it."""

from typing import Any

from markupsafe import Markup

from benchmarks.report import svg
from benchmarks.report.claim_texts import side_name
from benchmarks.report.figures.floor_multiples import multiples
from benchmarks.report.sections.processes import processes
from benchmarks.report.styles import styles_of
from benchmarks.results_model.experiments import TrialResults
from benchmarks.results_model.sweeps import FloorSweep


def section(sweep: FloorSweep, experiment: TrialResults) -> dict[str, Any]:
    """Return the values of the template: all arms with the floor's work, beside the floor."""
    cost = experiment.floor_cpu_ms
    rows = []
    if cost is not None:
        rows.append(("the floor", 1.0, cost, svg.hue_colour("third", 1)))
    for other in experiment.sweeps:
        by_arm = styles_of(other.arms)
        rows += [
            (
                f"{other.name}: {side_name(arm.name)}",
                arm.floor_multiple,
                arm.cpu_ms_per_submission,
                by_arm[arm.name].colour,
            )
            for arm in other.arms
            if arm.floor_multiple is not None and arm.cpu_ms_per_submission is not None
        ]
    drawings = {}
    if len(rows) > 1:
        drawings["multiples"] = multiples(
            rows, name=f"{sweep.name}-multiples", title="CPU time in multiples of the floor's"
        )
    return {
        "styles": styles_of(sweep.arms),
        "rows": rows,
        "drawings": {key: Markup(drawn) for key, drawn in drawings.items()},  # noqa: S704
        **processes(sweep),
    }
