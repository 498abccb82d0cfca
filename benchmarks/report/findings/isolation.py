"""The page on isolation: whose tests fail when one component is broken, and how soon."""

from collections.abc import Sequence
from typing import Any

from benchmarks.report import svg
from benchmarks.report.figures.distribution import quartiles
from benchmarks.report.figures.dot_plot import Mark, Series, dot_plot
from benchmarks.report.findings.claims import by_name
from benchmarks.report.findings.errors import require
from benchmarks.results_model.isolation import IsolationResults, Suite, TierTimes
from benchmarks.results_model.isolation_faults import FaultSide, Wait

ARCHITECTURES = ("monolith", "microservices")
CAUGHT = {  # names of the results document
    "by the owner's tests": "by a test of the component with the fault",
    "only by other people's tests": "only by tests of other components",
    "only end to end": "only by the end-to-end suite",
    "by nothing": "by no test",
}


def context(isolation: IsolationResults) -> dict[str, Any]:
    """Return what the template needs of the results."""
    suites = isolation.suites
    services = _alone([it for it in suites if list(it.architectures) == ["microservices"]])
    return {
        "claims": by_name(isolation.claims),
        "faults": len(isolation.faults),
        "blast": {
            side: sum(fault.sides[side].blast > 0 for fault in isolation.faults)
            for side in ARCHITECTURES
        },
        "owner": {side: isolation.caught[side]["by the owner's tests"] for side in ARCHITECTURES},
        "caught": [
            (title, *(isolation.caught[side][name] for side in ARCHITECTURES))
            for name, title in CAUGHT.items()
        ],
        "pairs": isolation.teams,
        "components": _reached(isolation),
        "suites": suites,
        "monolith_suite": next(suite for suite in suites if suite.name == "monolith"),
        "services_total": {
            "tests": sum(suite.tests for suite in services),
            "seconds": sum(suite.seconds for suite in services),
        },
        "waits": {
            (side, name): quartiles(
                [_wait(fault.sides[side], name).seconds for fault in isolation.faults]
            )
            for side in ARCHITECTURES
            for name in ("wait", "selected")
        },
    }


def _alone(suites: Sequence[Suite]) -> list[TierTimes]:
    """Return the suites' times alone. Raises OutdatedSentencesError where one wasn't run so."""
    found = [suite.alone for suite in suites if suite.alone is not None]
    require("suites of the services that ran alone", shown=len(found), assumed=len(suites))
    return found


def _wait(side: FaultSide, name: str) -> Wait:
    """Return a wait. Raises OutdatedSentencesError where no tests were selected."""
    if name == "wait":
        return side.wait
    require("tests selected by impact", shown=side.selected is not None, assumed=True)
    assert side.selected is not None  # noqa: S101 - required above
    return side.selected


def _reached(isolation: IsolationResults) -> list[tuple[str, int, dict[str, int]]]:
    """Return each component, its faults, and after how many of them tests of others fail."""
    names = dict.fromkeys(fault.component for fault in isolation.faults)
    found = []
    for name in names:
        faults = [fault for fault in isolation.faults if fault.component == name]
        reached = {
            side: sum(1 for fault in faults if fault.sides[side].blast > 0)
            for side in ARCHITECTURES
        }
        found.append((name, len(faults), reached))
    return found


def figure(isolation: IsolationResults) -> str:
    """Draw after how many faults of each component the tests of others fail, on both sides."""
    components = _reached(isolation)
    return dot_plot(
        [f"{name} ({count} faults)" for name, count, _ in components],
        [
            Series(
                side,
                svg.hue_colour(hue, 1),
                marker,
                [Mark(reached[side]) for _, _, reached in components],
            )
            for side, hue, marker in zip(ARCHITECTURES, ("first", "second"), "os", strict=True)
        ],
        name="findings-isolation",
        title="Faults after which tests of other components fail, by the component with the fault",
        x="faults after which others' tests fail",
    )
