"""How a total of database connections is shared out."""

from pathlib import Path

import pytest
from benchmarks.targets import ARCHITECTURES
from benchmarks.targets.architectures import Unit
from benchmarks.targets.local.connection_limits import held_without_pool, pool_size


@pytest.mark.parametrize(("webs", "left"), [(1, 8), (2, 8), (3, 8), (4, 4), (3, 11)])
def test_the_pools_add_up_and_differ_by_one_at_most(webs: int, left: int) -> None:
    sizes = [pool_size(number, webs=webs, left=left) for number in range(1, webs + 1)]
    assert sum(sizes) == left
    assert max(sizes) - min(sizes) <= 1
    assert min(sizes) >= 1


def test_a_worker_holds_one_for_each_of_its_children(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text(
        "release: r\nweb: w\nworker: celery -c ${WORKER_CONCURRENCY:-1}\nsweeper: s\n"
    )
    unit = Unit(name="u", folder=tmp_path, needs=frozenset({"postgres"}))
    assert held_without_pool(unit, {}, {}) == 2
    assert held_without_pool(unit, {"u-worker": 4}, {}) == 5
    assert held_without_pool(unit, {"u-worker": 4}, {"WORKER_CONCURRENCY": "3"}) == 13


def test_what_the_real_units_hold_beside_their_pools() -> None:
    monolith = ARCHITECTURES["monolith"].unit("monolith")
    assert held_without_pool(monolith, {"monolith-worker": 4}, {}) == 5
    submissions = ARCHITECTURES["microservices"].unit("submissions")
    assert held_without_pool(submissions, {"recognition-worker": 4}, {}) == 2


def test_a_function_holds_one_for_each_of_its_environments() -> None:
    monolith = ARCHITECTURES["monolith"].unit("monolith")
    assert held_without_pool(monolith, {"monolith-worker": 9}, {"RECOGNITION": "lambda"}) == 5
    assert held_without_pool(monolith, {}, {"RECOGNITION": "lambda"}, concurrency=9) == 10
    submissions = ARCHITECTURES["microservices"].unit("submissions")
    assert held_without_pool(submissions, {}, {"RECOGNITION": "lambda"}) == 2
