"""The page: verdicts, the suites, the matrix, waiting times, pairs of faults, every fault."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from benchmarks.report import svg
from benchmarks.report.documents import experiment_of
from benchmarks.report.figures.distribution import Cases, distributions, quartiles
from benchmarks.report.isolation.matrix import COLUMNS, matrix
from benchmarks.report.unloaded_page import draw, unfinished

NAME = "isolation"
HUES = {"monolith": "first", "microservices": "second"}


def render(results: Mapping[str, Any], *, packed: bool = False) -> str:
    """Return the page of a results document that has passed `schema.check`."""
    found = experiment_of(results)
    return draw(
        "isolation.html.j2",
        results,
        packed=packed,
        isolation=found,
        columns=COLUMNS,
        names=[fault["name"] for fault in found["faults"]],
        warnings=_warnings(results, found),
        matrix=matrix(found["faults"]),
        nulls=matrix(found["nulls"]),
        waits=_waits(found),
        drawings=_drawings(found),
        null_is_red=bool(_red_nulls(found)),
        is_cut=all(
            tier["network_cut"] for suite in found["suites"] for tier in suite["tiers"].values()
        ),
    )


def _warnings(results: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    cases = [case["name"] for case in (*found["faults"], *found["nulls"])]
    messages = unfinished(results, cases)
    red = _red_nulls(found)
    if red:
        messages.append(
            f"Tests failed though only a comment was changed ({', '.join(red)}): other failures "
            "may be independent of the fault, too."
        )
    return messages


def _red_nulls(found: Mapping[str, Any]) -> list[str]:
    return [
        null["name"]
        for null in found["nulls"]
        if any(_is_red(side) for side in null["sides"].values())
    ]


def _is_red(side: Mapping[str, Any]) -> bool:
    none = {"own": 0, "whole": 0, "others": 0}
    return bool(side["red"] != none or side["unable"] != none)


WAITS = (("wait", "all tests"), ("selected", "selected tests"))


def _waits(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return quartiles of seconds and tests until the verdict, by architecture and selection."""
    if not found["faults"]:
        return []
    return [
        {
            "title": f"{architecture}, {selection}",
            "seconds": quartiles(_values(found, architecture, wait, "seconds")),
            "tests": quartiles(_values(found, architecture, wait, "tests")),
        }
        for architecture in HUES
        for wait, selection in WAITS
    ]


def _values(found: Mapping[str, Any], architecture: str, wait: str, what: str) -> list[float]:
    return [float(fault["sides"][architecture][wait][what]) for fault in found["faults"]]


def _drawings(found: Mapping[str, Any]) -> dict[str, Markup]:
    if not found["faults"]:
        return {}
    lines = [
        Cases(
            f"{architecture}, {selection}",
            _values(found, architecture, wait, "seconds"),
            svg.hue_colour(hue, 1),
            dashed=wait == "selected",
        )
        for architecture, hue in HUES.items()
        for wait, selection in WAITS
    ]
    drawn = distributions(
        lines,
        name="verdict-seconds",
        title="Seconds until the verdict, over all faults",
        x="seconds until the first failed test, or until all have passed",
        unit="s",
    )
    return {"seconds": Markup(drawn)}  # noqa: S704
