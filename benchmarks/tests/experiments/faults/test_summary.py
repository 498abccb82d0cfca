"""From trials to the document: hand-made trials with what they must come to."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest

from benchmarks.experiments.faults.components import PROCESSES
from benchmarks.experiments.faults.summary import summarize
from benchmarks.experiments.faults.sweeps import sweeps
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.results_model.claims import JudgedClaim
from benchmarks.results_model.faults import FaultsResults
from benchmarks.results_model.faults_figures import DuringShares, FaultFigures
from benchmarks.tests.experiments.faults.made_up import trial

SWEEP = sweeps("standard")[0]
# What each process serves, in this made-up truth; the page comes from the edge.
BREAKS = {
    "monolith-web": {"sign in", "submit", "read"},
    "accounts-web": {"sign in"},
    "submissions-web": {"submit", "read"},
}


def broken(side: str) -> dict[str, set[str]]:
    return {f"kill {it.process}": BREAKS.get(it.process, set()) for it in PROCESSES[side]}


@cache
def made(side: str, block: int, lost: int, slow_seconds: float) -> Trial:
    return trial(side, block, broken(side), lost=lost, slow_seconds=slow_seconds)


def run(
    blocks: int = 5, *, lost: int = 0, slow_seconds: Mapping[str, float] | None = None
) -> list[Trial]:
    return [
        made(side, block, lost if block == 1 else 0, (slow_seconds or {}).get(side, 0.0))
        for block in range(1, blocks + 1)
        for side in PROCESSES
    ]


def summed(trials: list[Trial]) -> FaultsResults:
    return summarize([SWEEP], trials)


@pytest.fixture(scope="module")
def whole() -> FaultsResults:
    return summed(run())


def fault(found: FaultsResults, arm: str, name: str) -> FaultFigures:
    (one,) = [it for it in found.sweeps[0].arms if it.name == arm]
    (seen,) = [it for it in one.faults if it.name == name]
    return seen


def claim(found: FaultsResults, name: str) -> JudgedClaim:
    (one,) = [it for it in found.claims if it.name == name]
    return one


def test_each_fault_has_its_availability_by_feature(whole: FaultsResults) -> None:
    found = fault(whole, "microservices", "kill accounts-web")
    shares = {name: it.during.share for name, it in found.features.items()}
    assert shares == {"sign in": 0.0, "submit": 1, "read": 1, "page": 1, "become ready": 1}
    assert found.features["sign in"].before == found.features["sign in"].after == 1
    assert found.features["sign in"].during == DuringShares(
        share=0.0, low=0.0, high=0.0, in_time=0, served=0, total=5 * 16
    )
    assert (found.trials, found.not_calm) == (5, 0)
    assert found.mean == pytest.approx(0.8)


def test_the_mean_over_process_types_is_compared(whole: FaultsResults) -> None:
    """1 of 5 features left with the monolith's web, 4 and 2 of 5 with the services' two."""
    judged = claim(whole, "processes")
    assert judged.verdict == "supported"
    monolith, services = (0.2 + 1 + 1) / 3, (0.8 + 0.4 + 1 + 1 + 1) / 5
    assert judged.blocks[0].second == pytest.approx(monolith)
    assert judged.blocks[0].first == pytest.approx(services)
    assert judged.value == pytest.approx(services - monolith)


def test_the_alternatives_weigh_otherwise(whole: FaultsResults) -> None:
    judged = claim(whole, "processes")
    by_kind, by_code, no_limit, of_accepted = (it.value for it in judged.alternatives)
    assert by_kind == pytest.approx(((0.6 + 1 + 1) - (0.2 + 1 + 1)) / 3), "web: mean of the two"
    assert by_code == pytest.approx(((0.8 + 0.4) - (0.2 + 0.2)) / 5), "the same code, five times"
    assert no_limit == pytest.approx(judged.value), "nothing was late"
    # Without “become ready” where nothing is accepted: 1/4 with the monolith's web, 2/4 with theirs
    assert of_accepted == pytest.approx((0.8 + 0.5 + 3) / 5 - (0.25 + 2) / 3)


def test_recovery_is_compared_in_seconds(whole: FaultsResults) -> None:
    judged = claim(whole, "recovery")
    assert (judged.unit, judged.value) == ("s", 0.0)
    assert judged.verdict == "no difference that matters", "both are as quick as before at once"


def test_a_slow_recovery_is_seen() -> None:
    """For 3 s after each failure of the monolith requests take a second, which is in time."""
    found = summed(run(slow_seconds={"monolith": 3.0}))
    judged = claim(found, "recovery")
    assert judged.value == pytest.approx(3.0, abs=0.5)
    assert judged.verdict == "supported"
    by = {it.variation: it for it in judged.alternatives}
    (in_time,) = (it for name, it in by.items() if "limits of availability" in name)
    assert in_time.value == 0.0, "the limits of availability don't show it"
    one = fault(found, "monolith", "kill monolith-sweeper")
    assert (one.recovered.mean, one.normal.not_seen) == (0.0, 0)
    assert one.normal.mean == pytest.approx(3.0, abs=0.5)


def test_a_slow_recovery_of_the_services_refutes_the_claim() -> None:
    judged = claim(summed(run(slow_seconds={"microservices": 3.0})), "recovery")
    assert judged.verdict == "not supported"


def test_the_time_without_a_feature_is_another_way_to_measure_it(whole: FaultsResults) -> None:
    """Only web processes break anything here: 1 of the monolith's 3 types, 2 of the services' 5."""
    judged = claim(whole, "recovery")
    (down,) = (it for it in judged.alternatives if "unavailable" in it.variation)
    assert down.value == pytest.approx(8.0 / 3 - 2 * 8.0 / 5, abs=0.4)


def test_blocks_that_other_work_disturbed_are_named() -> None:
    trials = [replace(it, disturbed=it.block == 2) for it in run()]
    for judged in summed(trials).claims:
        assert [it.block for it in judged.blocks if it.disturbed] == [2]
        assert judged.verdict == "inconclusive", "four blocks are left without it"


def test_few_blocks_decide_nothing() -> None:
    found = summed(run(4))
    assert [it.verdict for it in found.claims] == ["inconclusive"] * 2
    assert "Only 4 blocks" in found.claims[0].reason
    assert found.kept.verdict == "inconclusive"


def test_a_lost_submission_is_found(whole: FaultsResults) -> None:
    assert whole.kept.verdict == "supported"
    found = summed(run(lost=2))
    assert found.kept.verdict == "not supported"
    assert {it.lost for it in found.kept.sides.values()} == {2}
    kept = found.trials[0].kept
    assert kept is not None
    assert kept.lost == 2


def test_a_void_trial_is_listed_and_counts_for_nothing() -> None:
    trials = run()
    trials[0] = replace(trials[0], void=("the generator stood still",))
    found = summed(trials)
    assert found.trials[0].void == ["the generator stood still"]
    assert [it.block for it in claim(found, "processes").blocks] == [2, 3, 4, 5]
    assert found.sweeps[0].arms[0].trials == 4


def test_a_fault_that_wasn_t_observed_from_calm_on_leaves_its_block_out() -> None:
    trials = run()
    calls = [it for it in trials[0].calls if it.name != "/tokens" or it.intended_at > 105]
    trials[0] = replace(trials[0], calls=tuple(calls))
    found = summed(trials)
    assert fault(found, "monolith", "kill monolith-web").not_calm == 1
    assert [it.block for it in claim(found, "processes").blocks] == [2, 3, 4, 5]


def test_a_fault_whose_end_isn_t_known_is_left_out() -> None:
    trials = run(1)
    first, *others = trials[0].document["actions"]
    first = {name: value for name, value in first.items() if name != "ended_at"}
    trials[0] = replace(trials[0], document={**trials[0].document, "actions": [first, *others]})
    found = summed(trials)
    assert fault(found, "monolith", "kill monolith-web").trials == 0
    assert fault(found, "monolith", "kill monolith-web").mean is None


def test_nothing_measured_makes_a_document_all_the_same() -> None:
    found = summed([])
    assert [it.value for it in found.claims] == [None, None]
    assert found.kept.verdict == "inconclusive"
