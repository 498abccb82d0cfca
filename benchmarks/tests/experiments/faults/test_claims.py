"""A claim is decided by an interval over enough blocks, and by nothing else."""

import pytest
from msgspec import to_builtins

from benchmarks.experiments.faults import claims
from benchmarks.experiments.faults.claims import FEWEST_BLOCKS, PROCESSES, RECOVERY, judge
from benchmarks.experiments.faults.kept_submissions import Kept

FIVE = {number: (0.8 + number / 100, 0.5) for number in range(1, 6)}


def test_more_availability_in_the_services_supports_the_claim() -> None:
    judged = judge(PROCESSES, FIVE)
    assert judged.verdict == "supported"
    assert judged.difference == pytest.approx(0.33)
    assert judged.difference is not None
    assert judged.low is not None
    assert judged.high is not None
    assert 0 < judged.low < judged.difference < judged.high
    assert to_builtins(judged.blocks[0]) == {
        "block": 1,
        "first": pytest.approx(0.81),
        "second": 0.5,
        "difference": pytest.approx(0.31),
    }


def test_less_of_it_does_not() -> None:
    turned = {number: (monolith, services) for number, (services, monolith) in FIVE.items()}
    assert judge(PROCESSES, turned).verdict == "not supported"


def test_recovery_is_longer_where_the_seconds_are_more() -> None:
    seconds = {number: (2.0, 5.0 + number / 10) for number in range(1, 6)}
    judged = judge(RECOVERY, seconds)
    assert judged.verdict == "supported", "the monolith takes longer"
    assert judged.difference == pytest.approx(3.3)


@pytest.mark.parametrize(
    "pairs",
    [
        {},
        {number: pair for number, pair in FIVE.items() if number < FEWEST_BLOCKS},
        {**FIVE, 5: (None, 0.5)},
        {number: (0.5 + (-1) ** number / 10, 0.5) for number in range(1, 7)},
    ],
    ids=["nothing", "too few", "one that wasn't measured", "both ways"],
)
def test_too_little_is_inconclusive(pairs: dict[int, claims.Pair]) -> None:
    assert judge(PROCESSES, pairs).verdict == "inconclusive"


def _kept(lost: int = 0, doubled: int = 0) -> Kept:
    return Kept(200, lost, doubled, leaked=0, orphan_uploads=0, failed=0)


def test_one_lost_or_doubled_submission_refutes_what_is_kept() -> None:
    fine = [_kept()] * FEWEST_BLOCKS
    for broken in (_kept(lost=1), _kept(doubled=1)):
        judged = claims.judge_kept({"monolith": fine, "microservices": [broken]}, blocks=1)
        assert judged.verdict == "not supported"
    judged = claims.judge_kept({"monolith": fine, "microservices": fine}, FEWEST_BLOCKS)
    assert judged.verdict == "supported"
    high = judged.sides["monolith"].high
    assert high is not None
    assert 0 < high < 0.005
    judged = claims.judge_kept({"monolith": fine, "microservices": fine}, FEWEST_BLOCKS - 1)
    assert judged.verdict == "inconclusive"
