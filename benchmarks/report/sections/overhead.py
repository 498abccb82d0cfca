"""The card on how good the two sides are: each over the least that its work takes."""

from typing import Any

from markupsafe import Markup

from benchmarks.report import overhead_texts
from benchmarks.results_model.document import ResultsDocument
from benchmarks.results_model.experiments import ScalingResults, TrialResults

CLASSES = {"reached": "holds", "not reached": "fails", "open": "open"}


def card(document: ResultsDocument, experiment: TrialResults) -> dict[str, Any] | None:
    """Return the values of the template; None where the two sides aren't ours, or not compared."""
    is_external = any(arm.base_url for sweep in experiment.sweeps for arm in sweep.arms)
    if not isinstance(document.results, ScalingResults) or is_external:
        return None
    sweep = overhead_texts.sweep_of(experiment)
    if sweep is None:
        return {"question": overhead_texts.QUESTION, "sweep": None}
    return {
        "question": overhead_texts.QUESTION,
        "sweep": sweep,
        "rows": overhead_texts.rows_of(sweep.overhead),
        "outcome": overhead_texts.outcome,
        "classes": CLASSES,
        "drawing": Markup(overhead_texts.drawing(sweep.overhead, "overhead")),  # noqa: S704
    }
