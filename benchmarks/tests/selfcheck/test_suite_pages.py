"""Simulated runs of the isolation experiment, from the committed run's monolith."""

from collections.abc import Mapping
from dataclasses import replace
from statistics import fmean

import pytest

from benchmarks.analysis.verdicts import Verdict
from benchmarks.experiments.isolation.claims import BLAST, OWNER, SECONDS, TESTS
from benchmarks.experiments.isolation.summary.measures import MEASURES
from benchmarks.experiments.isolation.summary.sides import Side, load
from benchmarks.experiments.runner.arms import MONOLITH
from benchmarks.raw_files import open_raw
from benchmarks.repository import REPOSITORY
from benchmarks.selfcheck import pages, suite_pages
from benchmarks.selfcheck.suite_pages import SuitePages

COUNT = 10
EXAMPLE = REPOSITORY / "benchmarks" / "results" / "example-isolation"


@pytest.fixture(scope="module")
def plain() -> Mapping[str, Side]:
    found = [side for side in load(open_raw(EXAMPLE)) if not side.is_null]
    mine = {side.name: side for side in found if side.architecture == MONOLITH}
    assert len(mine) > 30
    return mine


@pytest.fixture(scope="module")
def planted_seconds(plain: Mapping[str, Side]) -> float:
    """Half of what a verdict takes: how long that is depends on the machine of the example."""
    measure = MEASURES[SECONDS.name].main
    return float(round(0.5 * fmean(measure(side) or 0.0 for side in plain.values())))


@pytest.fixture(scope="module")
def sides(plain: Mapping[str, Side], planted_seconds: float) -> Mapping[str, Mapping[str, Side]]:
    """The monolith's sides as all three series; `slower` has the planted seconds."""
    slower = {name: _later(side, planted_seconds) for name, side in plain.items()}
    return {"plain": plain, "again": plain, "slower": slower}


def _later(side: Side, seconds: float) -> Side:
    runs = tuple(
        replace(run, record=replace(run.record, seconds=run.record.seconds + seconds))
        for run in side.runs
    )
    return replace(side, runs=runs)


@pytest.fixture(scope="module")
def simulated(sides: Mapping[str, Mapping[str, Side]]) -> SuitePages:
    return suite_pages.simulated(sides, seed=1, count=COUNT)


def test_the_same_against_the_same_decides_nothing(simulated: SuitePages) -> None:
    found = simulated.alike
    assert len(found) == COUNT
    assert pages.alarms(found) == 0
    assert found[0][TESTS.name] is None
    # No fault differs, of too few to show that so few differ
    assert {page[BLAST.name] for page in found} == {Verdict.INCONCLUSIVE}
    assert {page[OWNER.name] for page in found} == {Verdict.INCONCLUSIVE}


def test_a_later_start_is_measured_as_long_as_it_is(
    sides: Mapping[str, Mapping[str, Side]], planted_seconds: float
) -> None:
    found = suite_pages.longer(sides)
    assert found.low is not None
    assert found.high is not None
    # A fault that several suites had to be waited for has it several times
    assert planted_seconds <= found.low <= found.high < 2 * planted_seconds


def test_a_later_start_is_found_by_simulated_runs(simulated: SuitePages) -> None:
    """In most runs: with six faults some are inconclusive."""
    assert pages.supported(simulated.slower, SECONDS.name) >= 0.7 * COUNT
