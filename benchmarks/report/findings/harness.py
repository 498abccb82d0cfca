"""The page on the harness: whether a run finds what is planted, and nothing where nothing is."""

from collections.abc import Mapping
from typing import Any

from benchmarks.report import svg
from benchmarks.report.figures.dot_plot import Mark, Series, dot_plot
from benchmarks.report.findings.errors import require

ROW_INCHES = 0.17
PLANTED = {  # in single trials, by the names of the document
    "control": "nothing, in one trial",
    "loss": "a row is deleted before counting",
    "stall": "the generator is stopped for 1.5 s",
    "clock": "the clock is set by 5 s",
}


def context(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template needs of the self-check's document."""
    series, checks, pages = document["series"], document["injected_faults"], document["pages"]
    require("single trials", shown=[check["name"] for check in checks], assumed=[*PLANTED])
    require("found", shown=[check["found"] for check in checks], assumed=[True] * len(checks))
    bias = series["bias"]
    require("an interval around 1", shown=bias["low"] < 1 < bias["high"], assumed=True)
    seconds = [planted for planted in pages["planted"] if planted["measured"]]
    for planted in seconds:
        measured = planted["measured"]
        around = 0 < measured["low"] <= planted["seconds"] <= measured["high"]
        require("the planted seconds", shown=around, assumed=True)
    return {"series": series, "pages": pages, "seconds": seconds, "planted": PLANTED}


def figure(document: Mapping[str, Any]) -> str:
    """Draw the ratio of each comparison with its interval."""
    series = document["series"]
    return dot_plot(
        [str(place) for place in range(1, series["comparisons"] + 1)],
        [
            Series(
                label,
                svg.hue_colour(hue, 1),
                marker,
                [
                    Mark(*(each["interval"][end] for end in ("ratio", "low", "high")))
                    for each in series[name]
                ],
            )
            for label, hue, marker, name in (
                ("nothing planted", "first", "o", "alike"),
                ("10 % more CPU planted", "second", "s", "slowed"),
            )
        ],
        name="findings-harness",
        title="The ratio that each comparison measured, with its interval",
        x="ratio of CPU-ms per completed submission",
        reference=1.0,
        row_inches=ROW_INCHES,
    )
