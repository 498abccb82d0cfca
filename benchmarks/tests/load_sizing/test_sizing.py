"""What one core carries: from points on a line, as the documentation shows it."""

import json
from dataclasses import replace

import pytest

from benchmarks.load_sizing.errors import SizingError
from benchmarks.load_sizing.measurement import point
from benchmarks.load_sizing.sizing import ARRIVALS, USERS, Point, Sizing
from benchmarks.repository import REPOSITORY

EXAMPLE = REPOSITORY / "benchmarks" / "results" / "example-load-sizing" / "sizing.json"
PAGE = REPOSITORY / "docs" / "distributed-load.md"
USERS_POINTS = [Point(USERS, it, 0.02 + it * 0.004, it * 2.0, 5.0, 1.0) for it in (25, 50, 150)]
RATE_POINTS = [Point(ARRIVALS, it, 0.03 + it * 0.01, it * 4.0, 5.0, 0.999) for it in (10, 30)]
SIZING = Sizing((*USERS_POINTS, *RATE_POINTS), "a processor")


def test_one_core_carries_the_largest_load_in_proportion_to_its_cpu_time() -> None:
    assert SIZING.per_core(USERS) == 145
    assert SIZING.per_core(ARRIVALS) == 54


def test_without_a_point_there_is_no_figure() -> None:
    with pytest.raises(ValueError, match="no load of users was measured"):
        Sizing(tuple(RATE_POINTS), "").per_core(USERS)


def test_a_point_is_disturbed_if_the_loop_stood_still_or_arrivals_did_not_start() -> None:
    assert not RATE_POINTS[0].is_disturbed
    assert replace(RATE_POINTS[0], lag_max_ms=400.0).is_disturbed
    assert replace(RATE_POINTS[0], started_share=0.97).is_disturbed


def test_the_tables_have_every_point_and_four_workers() -> None:
    text = SIZING.markdown()
    assert "| 25 users of `locustfile.py` | 12% | 50 | 5 ms |  |" in text
    assert "| 30 arrivals a second of `latency.py` | 33% | 120 | 5 ms | 99.9% |" in text
    users = SIZING.per_core(USERS)
    assert f"| users of `locustfile.py` | {users} | {users * 4} |" in text


def test_a_run_with_failures_is_no_point() -> None:
    report = {"processes": [{"cpu_share": 0.2, "seconds": 10.0, "lag_max_ms": 1.0}]}
    report["started_share"] = 1.0  # type: ignore[assignment]
    rows = [
        {"method": "POST", "num_requests": 30, "num_failures": 0},
        {"method": "FLOW", "num_requests": 10, "num_failures": 0},
    ]
    assert point(USERS, 5, report, rows) == Point(USERS, 5, 0.2, 3.0, 1.0, 1.0)
    rows[0]["num_failures"] = 2
    with pytest.raises(SizingError, match="2 requests to the stub failed"):
        point(USERS, 5, report, rows)


def test_the_page_has_the_tables_of_the_committed_measurement() -> None:
    sizing = Sizing.from_json(json.loads(EXAMPLE.read_text()))
    assert f"\n{sizing.markdown()}\n" in PAGE.read_text(), "make size-load prints what it must be"
    assert sizing.cpu_model in PAGE.read_text()
