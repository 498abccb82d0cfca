"""The order of the blocks is random and reproducible; what ends a run loses no measurement."""

import io
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from benchmarks.experiments.runner.cores import split_cores
from benchmarks.request_profile import run as runs
from benchmarks.request_profile.errors import CallError
from benchmarks.request_profile.kinds import Sizes
from benchmarks.request_profile.run import begin, order_of, run
from benchmarks.request_profile.visit import Bench, CountedKind, Measured
from benchmarks.results_model.request_profile import ARCHITECTURES
from benchmarks.tests.request_profile.made_up import COUNTED


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(split_cores(share=True), tmp_path / "x.jpg", tmp_path, tmp_path, Sizes(), 1.0)


def test_each_block_has_both_sides_in_an_order_that_its_seed_gives() -> None:
    order = order_of(5, 40)
    assert order == order_of(5, 40)
    assert order != order_of(6, 40)
    for block in range(40):
        pair = order[2 * block : 2 * block + 2]
        assert {number for number, _ in pair} == {block + 1}
        assert sorted(name for _, name in pair) == sorted(ARCHITECTURES)
    firsts = {name for _, name in order[::2]}
    assert firsts == set(ARCHITECTURES)


def fake(monkeypatch: pytest.MonkeyPatch, *, ends_at: int, error: BaseException) -> None:
    visits: list[str] = []

    def measure(_bench: Bench, name: str, block: int, *, show: Any, keep: Any) -> None:
        show("page")
        visits.append(name)
        keep(Measured(name, block, "page", {}))
        if len(visits) == ends_at:
            raise error

    def count(_bench: Bench, name: str, _sampler: Any, *, show: Any, keep: Any) -> None:
        show("page")
        keep(CountedKind(name, "page", COUNTED))

    monkeypatch.setattr(runs, "measure", measure)
    monkeypatch.setattr(runs, "count", count)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), CallError("refused")])
def test_what_was_measured_is_kept_whatever_ends_the_run(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    fake(monkeypatch, ends_at=3, error=error)
    records = begin(bench, seed=1, blocks=3)
    with pytest.raises(type(error)):
        run(bench, records, Console(file=io.StringIO()))
    assert len(records.measured) == 3
    assert not records.counted


def test_a_run_measures_all_blocks_then_counts_and_shows_the_time_left(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(monkeypatch, ends_at=0, error=KeyboardInterrupt())
    shown = io.StringIO()
    records = begin(bench, seed=1, blocks=2)
    run(bench, records, Console(file=shown))
    assert len(records.measured) == 4
    assert [it.architecture for it in records.counted] == [*ARCHITECTURES]
    assert "left] block 1 of 2" in shown.getvalue()
    assert "left] counts and stacks, microservices" in shown.getvalue()
