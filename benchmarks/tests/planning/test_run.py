"""The document leaves the fitted run out of the comparison, and plans each load once."""

from collections.abc import Iterable, Mapping

import pytest

from benchmarks.cost.prices import AWS, read_prices
from benchmarks.planning import run
from benchmarks.planning.document import PlanDocument, ValidatedPoint
from benchmarks.planning.points import Point
from benchmarks.planning.service_times import ServiceTimes
from benchmarks.planning.sources import FITTED, RUNS, Sources


def test_the_fitted_run_is_not_compared(sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    def noted(points: Iterable[Point], _: Mapping[str, ServiceTimes]) -> list[ValidatedPoint]:
        compared.extend(point.run for point in points)
        return []

    monkeypatch.setattr(run, "validated", noted)
    found = run.validation(sources)
    assert set(compared) == {*RUNS} - {FITTED}
    assert found.fitted_on == FITTED
    assert {*found.speeds} == {*found.other_speeds} == {*RUNS}
    assert found.other_speeds[FITTED] == 1.0
    assert found.repeated


def test_a_document_has_a_plan_for_each_load(
    sources: Sources, committed: PlanDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "validation", lambda _: committed.validation)
    found = run.document(sources, read_prices(AWS), loads=(1e3, 1e4))
    assert [it.per_day for it in found.plans] == [1e3, 1e4]
    assert found.prices == committed.prices
