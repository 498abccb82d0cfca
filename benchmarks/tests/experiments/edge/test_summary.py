"""From trials to the document: hand-made trials with what they must come to."""

from collections.abc import Sequence

import pytest

from benchmarks.analysis.verdicts import Verdict
from benchmarks.experiments.edge import FROM_APPLICATION, FROM_EDGE
from benchmarks.experiments.edge.summary import summarize
from benchmarks.experiments.edge.sweeps import FIRST_VISIT, IMAGE, sweeps
from benchmarks.experiments.runner.arms import ARCHITECTURES, MONOLITH
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.results_model.claims import JudgedClaim
from benchmarks.results_model.edge import EdgeResults, VisitCpu, Visits
from benchmarks.tests.experiments.edge.made_up import COSTS, VISITS, trial, without_visits

(BOTH,) = sweeps("standard")
(ALONE,) = sweeps("quick")
UNEVEN = (1.0, 1.03, 0.97, 1.01, 0.99, 1.02)


def run(blocks: int = 6) -> list[Trial]:
    return [
        trial(arm, block, factor=UNEVEN[block - 1])
        for block in range(1, blocks + 1)
        for arm in ARCHITECTURES
    ]


@pytest.fixture(scope="module")
def whole() -> EdgeResults:
    return summarize([BOTH], run())


def claim(found: EdgeResults, name: str) -> JudgedClaim:
    (one,) = [it for it in found.claims if it.name == name]
    return one


def visits(found: EdgeResults, way: str, kind: str, connections: int = 1) -> Visits:
    (one,) = [
        it
        for it in found.sweeps[0].visits
        if (it.architecture, it.way, it.kind, it.connections) == (MONOLITH, way, kind, connections)
    ]
    return one


def test_a_visit_s_cost_is_that_of_each_group_of_processes(whole: EdgeResults) -> None:
    found = visits(whole, FROM_APPLICATION, FIRST_VISIT)
    mean = sum(UNEVEN) / len(UNEVEN)
    assert found.cpu_ms is not None
    assert found.cpu_ms.application == pytest.approx(20 * mean)
    assert found.cpu_ms.edge == pytest.approx(10 * mean)
    assert found.cpu_ms.backing == pytest.approx(0.5)
    assert found.cpu_ms.other_units == pytest.approx(0.02)
    assert found.cpu_ms.total == pytest.approx(30 * mean + 0.52)


def test_visits_that_end_after_the_window_do_not_count(whole: EdgeResults) -> None:
    found = visits(whole, FROM_EDGE, FIRST_VISIT)
    assert (found.trials, found.visits) == (6, 6 * VISITS)
    assert found.requests_per_second.mean == pytest.approx(VISITS * 25 / 2.0)
    assert found.latency_ms.p50 == pytest.approx(20.0)
    assert found.wire_bytes == {"asset": 44_000.0, "page": 3_000.0}
    assert found.generator_share == pytest.approx(0.3)


def test_the_page_costs_the_application_its_cpu_from_the_application_alone(
    whole: EdgeResults,
) -> None:
    judged = claim(whole, "page-cpu")
    assert judged.verdict is Verdict.SUPPORTED
    assert judged.second == 0.0
    assert judged.first == pytest.approx(20.0, rel=0.02)
    assert judged.value == pytest.approx(judged.first)
    names = [it.variation for it in judged.alternatives]
    assert names[-2:] == ["the monolith alone", "the microservices alone"]
    assert {it.verdict for it in judged.alternatives} == {Verdict.SUPPORTED}


@pytest.mark.parametrize(
    ("name", "ratio"),
    [
        ("page-total-cpu", 30.52 / 4.52),
        ("image-cpu", 3.0 / 2.0),
        ("image-total-cpu", 4.02 / 3.52),
    ],
)
def test_the_ratios_are_those_of_the_costs(whole: EdgeResults, name: str, ratio: float) -> None:
    assert claim(whole, name).value == pytest.approx(ratio, rel=0.01)


def test_without_a_difference_none_is_supported() -> None:
    """The claims name a direction and a smallest effect: equal costs support none of them."""
    alike = {(way, kind): COSTS[FROM_EDGE, kind] for way, kind in COSTS}
    trials = [trial(block=block, factor=UNEVEN[block - 1], costs=alike) for block in range(1, 7)]
    found = summarize([ALONE], trials)
    verdicts = {it.name: it.verdict for it in found.claims}
    assert verdicts.pop("page-cpu") is Verdict.NO_DIFFERENCE
    assert set(verdicts.values()) == {Verdict.NO_DIFFERENCE}


def test_a_block_without_one_of_its_arms_decides_nothing() -> None:
    found = summarize([BOTH], [*run(5), trial(MONOLITH, 6)])
    assert [it.block for it in claim(found, "page-cpu").blocks] == [1, 2, 3, 4, 5]


def test_a_void_trial_is_listed_and_counts_for_nothing() -> None:
    made = [trial(block=1), trial(block=2, void=("the generator stood still",))]
    found = summarize([ALONE], made)
    assert visits(found, FROM_EDGE, IMAGE).trials == 1
    assert [it.void for it in found.trials] == [[], ["the generator stood still"]]
    assert [it.first_way for it in found.trials] == [FROM_EDGE, FROM_EDGE]


def test_a_window_without_visits_has_no_cost() -> None:
    found = summarize([ALONE], [without_visits(trial(), FROM_EDGE, IMAGE)])
    seen = visits(found, FROM_EDGE, IMAGE)
    assert (seen.visits, seen.cpu_ms, seen.requests) == (0, None, None)
    assert claim(found, "image-cpu").blocks == []
    assert claim(found, "page-cpu").blocks


@pytest.mark.parametrize("made", [[], [trial(void=("nothing was left",))]])
def test_a_run_of_which_nothing_counts_has_no_figures(made: Sequence[Trial]) -> None:
    found = summarize([ALONE], made)
    assert all(it.cpu_ms is None for it in found.sweeps[0].visits)
    assert found.sweeps[0].codings == []
    assert {it.verdict for it in found.claims} == {Verdict.INCONCLUSIVE}


def test_the_bytes_of_each_coding_are_those_of_the_first_trial(whole: EdgeResults) -> None:
    found = whole.sweeps[0].codings
    assert len(found) == 8
    assert {it.coding for it in found} == {"identity", "gzip", "zstd", "br"}
    assert {it.assets for it in found} == {44_000}


def test_a_total_is_the_sum_of_its_groups() -> None:
    assert VisitCpu(application=1, other_units=2, edge=4, backing=8).total == 15
