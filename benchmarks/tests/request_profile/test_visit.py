"""The smallest profile of a real target: every kind is measured, counted and sampled."""

from pathlib import Path

import pytest

from benchmarks.experiments.runner.cores import split_cores
from benchmarks.experiments.runner.deployment import IMAGE
from benchmarks.request_profile.kinds import Sizes, kinds_of
from benchmarks.request_profile.stacks import Sampler
from benchmarks.request_profile.visit import Bench, CountedKind, Measured, count, measure

SIZES = Sizes(cheap=20, tokens=3, submissions=4, idle_seconds=1, warm_up=2, listed=1)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(split_cores(share=True), IMAGE, tmp_path / "run", tmp_path / "out", SIZES, 1.0)


def _show(_what: str) -> None:
    """Show nothing."""


@pytest.mark.slow
def test_every_kind_is_measured_on_a_fresh_target(bench: Bench) -> None:
    found: list[Measured] = []
    measure(bench, "monolith", 1, show=_show, keep=found.append)
    assert [it.kind for it in found] == [kind.name for kind in kinds_of(SIZES)]
    costs = {it.kind: {part.process: ms for part, ms in it.cpu_ms.items()} for it in found}
    assert costs["submission-upload"]["monolith-worker"] > 5
    assert costs["wait-upload"]["monolith-worker"] > 5
    assert costs["submit-upload"]["monolith-worker"] <= 5, "the worker is stopped"
    assert costs["read"]["monolith-web"] > 0
    assert {"edge", "postgres", "valkey", "s3", "dynamodb"} <= set(costs["page"])


@pytest.mark.slow
def test_every_kind_is_counted_and_its_stacks_are_sampled(bench: Bench) -> None:
    found: list[CountedKind] = []
    sampler = Sampler(bench.folder / "stacks", bench.sample_seconds)
    count(bench, "monolith", sampler, show=_show, keep=found.append)
    counted = {it.kind: it.counted for it in found}
    assert list(counted) == [kind.name for kind in kinds_of(SIZES)]
    assert counted["page"].s3 == {}
    assert counted["page"].response_bytes > 1000
    upload = counted["submission-upload"]
    assert upload.s3["PUT object"] >= 2
    assert upload.messages >= 1
    assert upload.request_bytes > IMAGE.stat().st_size
    assert upload.statements["INSERT"] >= 1
    assert upload.transactions >= 2
    assert sum(counted["read"].statements.values()) >= 1
    if not sampler.problem:
        shares = {it.kind: it.shares for it in found}
        assert sum(shares["read"]["monolith-web"].values()) == pytest.approx(1.0)
        assert "recognizer" in shares["submission-upload"]["monolith-worker"]
