"""A short run on both architectures: the rows are accepted, and every kind is measured."""

import io

import pytest
from rich.console import Console

from benchmarks.experiments.runner.cores import split_cores
from benchmarks.experiments.runner.deployment import IMAGE
from benchmarks.growth.kinds import IDLE, kinds_of
from benchmarks.growth.run import begin, now, run
from benchmarks.growth.summary import summarize
from benchmarks.growth.table import show
from benchmarks.growth.visit import Bench
from benchmarks.repository import REPOSITORY
from benchmarks.results_model.growth import ARCHITECTURES

SIZES = (400, 3000)  # the second needs a checkpoint of the count


@pytest.mark.slow
def test_every_kind_is_measured_at_each_size() -> None:
    bench = Bench(
        cores=split_cores(share=True),
        image=IMAGE,
        run_dir=REPOSITORY / ".run" / "growth-test",
        sizes=SIZES,
        kinds=kinds_of(0.05),
        blocks=1,
    )
    records = begin(bench, seed=1)
    shown = Console(file=io.StringIO(), width=120)
    run(bench, records, shown)
    assert all(it.cpu_ms > 0 for it in records.measured if it.kind != IDLE)
    document = summarize(bench, records, run="r", finished_at=now())
    for kind in document.kinds:
        assert all(
            [cost.rows for cost in kind.sides[name]] == list(SIZES) for name in ARCHITECTURES
        )
    show(document, shown)
    assert "page at depth" in shown.file.getvalue()  # type: ignore[attr-defined]
    for name in ARCHITECTURES:
        assert len(document.first_count_seconds[name]) == len(SIZES)
