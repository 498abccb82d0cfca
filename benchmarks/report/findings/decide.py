"""The page for a decision: what was found for each situation, what would change it, advice."""

from collections.abc import Mapping
from typing import Any

from benchmarks.report import svg
from benchmarks.report.figures.work_ratio import Letter, ratio_over_work
from benchmarks.report.formats import number
from benchmarks.report.sections.work import by_source, lettered
from benchmarks.results_model.experiments import ScalingResults
from benchmarks.results_model.sweeps import WorkSweep

NAME = "decide"
PAGES = (
    *("scaling", "deploy", "isolation", "contract", "faults", "stalls", "offload", "edge", "cost"),
    *("compose", "kubernetes"),
)
WIDTH = 5.2  # inches: the labels stay readable on a phone


def context(
    scaling: ScalingResults, pages: Mapping[str, Mapping[str, Any]], price: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the template needs: the pages' own values, the published ratios, the price."""
    sweep = _work(scaling)
    return {
        "published": by_source(lettered(sweep)),
        "least": min(ratio.ratio for ratio in sweep.published),
        "most": max(ratio.ratio for ratio in sweep.published),
        "points": [
            (point.work_cpu_ms, number(point.throughput.ratio, 2)) for point in sweep.points
        ],
        "price": {title: values for title, *values in price["rows"]},
        **{name: pages[name] for name in PAGES},
    }


def figure(scaling: ScalingResults) -> str:
    """Draw the ratio of throughput over the work of a request, beside the published ratios."""
    sweep = _work(scaling)
    return ratio_over_work(
        sweep.points,
        [Letter(letter, ratio.work, ratio.ratio) for letter, ratio in lettered(sweep)],
        name=NAME,
        title="Throughput, monolith ÷ services, over the work of a request, and as published",
        amount=lambda point: point.throughput,
        colour=svg.hue_colour("first", 1),
        y="throughput, monolith ÷ services",
        width=WIDTH,
    )


def _work(scaling: ScalingResults) -> WorkSweep:
    (found,) = (sweep for sweep in scaling.sweeps if isinstance(sweep, WorkSweep))
    return found
