"""CPU time per call by size, and its ratios."""

import pytest

from benchmarks.experiments.runner.cores import Cores
from benchmarks.growth.kinds import IDLE, Kind, kinds_of
from benchmarks.growth.run import Records
from benchmarks.growth.summary import costs_per_call, summarize
from benchmarks.growth.visit import Bench, FirstCount, Measured
from benchmarks.repository import REPOSITORY

KINDS = tuple(kind for kind in kinds_of() if kind.name in {IDLE, "account"})


def measured(kind: str, rows: int, block: int, cpu_ms: float, seconds: float = 2.0) -> Measured:
    return Measured("monolith", rows, block, kind, 100, cpu_ms, seconds)


def records(*found: Measured) -> Records:
    return Records(7, {}, "2026-11-29T00:00:00+00:00", list(found), [])


def bench(*sizes: int, kinds: tuple[Kind, ...] = KINDS) -> Bench:
    return Bench(Cores(frozenset({0}), 1), REPOSITORY / "x.jpg", REPOSITORY, sizes, kinds, 2)


def test_a_second_without_requests_is_subtracted() -> None:
    found = costs_per_call(
        [measured(IDLE, 10, 1, 500.0, seconds=10.0), measured("account", 10, 1, 300.0)]
    )
    assert found["account", "monolith", 10] == {1: 2.0}  # (300 - 2 s of 50) / 100
    assert found[IDLE, "monolith", 10] == {1: 5.0}


def test_each_block_is_compared_with_the_smallest_size_of_its_own() -> None:
    document = summarize(
        bench(10, 1000),
        records(
            measured("account", 10, 1, 200.0),
            measured("account", 1000, 1, 220.0),
            measured("account", 10, 2, 400.0),
            measured("account", 1000, 2, 440.0),
        ),
        run="r",
        finished_at="later",
    )
    small, large = document.kinds[1].sides["monolith"]
    assert (small.rows, small.cpu_ms, small.ratio.ratio) == (10, 3.0, 1.0)
    assert large.ratio.ratio == pytest.approx(1.1)
    assert large.ratio.blocks == pytest.approx([1.1, 1.1])
    assert large.blocks == [2.2, 4.4]
    assert document.kinds[0].sides["monolith"] == []
    assert document.kinds[1].sides["microservices"] == []


def test_no_cpu_time_has_no_ratio() -> None:
    document = summarize(
        bench(10, 1000),
        records(measured("account", 10, 1, 0.0), measured("account", 1000, 1, 5.0)),
        run="r",
        finished_at="later",
    )
    assert document.kinds[1].sides["monolith"][1].ratio.ratio is None


def test_the_first_counts_are_kept_by_size() -> None:
    found = records()
    found.keep(FirstCount("monolith", 10, 0.1))
    found.keep(FirstCount("microservices", 10, 0.2))
    found.keep(measured("account", 10, 1, 1.0))
    document = summarize(bench(10), found, run="r", finished_at="later")
    assert document.first_count_seconds == {"monolith": [0.1], "microservices": [0.2]}
    assert len(found.measured) == 1
