"""The work sweep: the architectures' ratios over the work of a submission.

Both are above 1 where the first side has the advantage: second ÷ first of CPU time, first ÷ second
of throughput.
"""

from collections.abc import Sequence
from itertools import groupby
from string import ascii_lowercase
from typing import Any

from markupsafe import Markup

from benchmarks.report import svg
from benchmarks.report.figures.work_ratio import Letter, inverse, ratio_over_work
from benchmarks.report.sections.processes import processes
from benchmarks.report.styles import styles_of
from benchmarks.results_model.scaling import PublishedRatio
from benchmarks.results_model.sweeps import WorkSweep


def section(sweep: WorkSweep) -> dict[str, Any]:
    """Return the values of the template: the figures of throughput and CPU."""
    points = sweep.points
    letters = lettered(sweep)
    arms = list(points[0].cpu_ms) if points else []
    first, second = (_architecture(sweep, arm) for arm in arms)
    ours = svg.hue_colour("first", 1)
    drawings = {
        "throughput": ratio_over_work(
            points,
            [Letter(letter, ratio.work, ratio.ratio) for letter, ratio in letters],
            name=f"{sweep.name}-throughput-ratio",
            title="Ratio of throughput over the work of a submission",
            amount=lambda point: point.throughput,
            colour=ours,
            y=f"throughput, {first} ÷ {second}",
        ),
        "cpu": ratio_over_work(
            points,
            [],
            name=f"{sweep.name}-cpu-ratio",
            title="Ratio of CPU time over the work of a submission",
            amount=lambda point: inverse(point.cpu),
            colour=ours,
            y=f"CPU-ms, {second} ÷ {first}",
        ),
    }
    return {
        "styles": styles_of(sweep.arms),
        "first": first,
        "second": second,
        "points": [(point, inverse(point.cpu)) for point in points],
        "published": by_source(letters),
        "drawings": {key: Markup(drawn) for key, drawn in drawings.items()},  # noqa: S704
        **processes(sweep),
    }


def lettered(sweep: WorkSweep) -> list[tuple[str, PublishedRatio]]:
    """Return the published ratios, each with its letter in the figure."""
    return list(zip(ascii_lowercase, sweep.published, strict=False))


def by_source(letters: Sequence[tuple[str, PublishedRatio]]) -> list[dict[str, Any]]:
    """Return the published ratios grouped by their source."""
    return [
        {"citation": f"{source} {year}, {citation}", "ratios": list(ratios)}
        for (source, year, citation), ratios in groupby(
            letters, key=lambda pair: (pair[1].source, pair[1].year, pair[1].citation)
        )
    ]


def _architecture(sweep: WorkSweep, name: str) -> str:
    return next(arm.architecture for arm in sweep.arms if arm.name == name)
