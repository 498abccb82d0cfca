"""What each claim compares, and when an engine had more processes by itself."""

import pytest

from benchmarks.analysis.verdicts import Verdict
from benchmarks.experiments.platform.summary import summarize
from benchmarks.results_model.claims import JudgedClaim
from benchmarks.results_model.experiments import OtherResults
from benchmarks.results_model.sweeps import AutoscalingSweep
from benchmarks.tests.experiments.platform.made_up import (
    AUTOSCALING,
    LOAD,
    loaded,
    stepped,
    voided,
)

MORE_AFTER = {"monolith-whole": 14.0, "monolith-worker": 9.0, "recognition": 6.0}


@pytest.fixture(scope="module")
def results() -> OtherResults:
    return summarize([LOAD, AUTOSCALING], [*loaded(1.25), *stepped(MORE_AFTER)])


def claim(results: OtherResults, name: str) -> JudgedClaim:
    (found,) = [it for it in results.claims if it.name == name]
    return found


def test_one_user_waits_longer_where_everything_is_slower(results: OtherResults) -> None:
    found = claim(results, "platform-latency-monolith")
    assert found.value == pytest.approx(1.25, rel=0.02)
    assert found.verdict is Verdict.SUPPORTED
    assert (found.first_side, found.second_side) == ("monolith-kubernetes", "monolith")


def test_the_sides_on_the_engine_are_compared_with_each_other(results: OtherResults) -> None:
    found = claim(results, "cpu-per-submission")
    assert found.first_side == "microservices-kubernetes"
    assert found.second_side == "monolith-kubernetes"
    assert found.first is not None
    assert found.second is not None
    assert found.value == pytest.approx(found.first / found.second)


def test_the_cost_is_measured_without_the_engine_too(results: OtherResults) -> None:
    found = claim(results, "platform-cpu-monolith")
    (other,) = found.alternatives
    assert other.variation == "without the engine's own processes"
    assert other.value == pytest.approx(found.value)  # none of its processes is in these readings


def autoscaling(results: OtherResults) -> AutoscalingSweep:
    (found,) = [it for it in results.sweeps if isinstance(it, AutoscalingSweep)]
    return found


def test_processes_are_followed_from_the_step_to_the_fewest(results: OtherResults) -> None:
    whole, worker, service = autoscaling(results).responses
    assert whole.processes == ["monolith-web", "monolith-worker"]
    assert worker.first_more_seconds.mean == pytest.approx(9.3)
    assert service.trials[0].most == 3
    assert whole.trials[0].most == 6
    assert [it.fewest_again_seconds for it in service.trials] == [25.0] * 5


def test_seconds_of_processes_are_the_area_below_the_counts(results: OtherResults) -> None:
    (*_, service) = autoscaling(results).responses
    first = service.trials[0]
    pairs = list(zip(first.counts, first.counts[1:], strict=False))
    assert first.process_seconds == pytest.approx(
        sum((later.at_seconds - one.at_seconds) * one.count for one, later in pairs)
    )


def test_latency_is_back_after_the_processes(results: OtherResults) -> None:
    (*_, service) = autoscaling(results).responses
    assert service.since_step_seconds.mean == pytest.approx(7.3, abs=0.6)


def test_a_trial_that_never_had_more_has_no_seconds() -> None:
    trials = stepped(dict.fromkeys(MORE_AFTER, 1000.0), blocks=1)
    for trial in trials:
        (note,) = trial.document["actions"]
        note["processes"] = {
            name: [it for it in counts if it[1] == 1] for name, counts in note["processes"].items()
        }
    (arm, *_) = autoscaling(summarize([AUTOSCALING], trials)).responses
    assert arm.first_more_seconds.mean is None
    assert arm.trials[0].most == 2  # one of each type


def test_a_void_trial_is_listed_and_counts_for_nothing() -> None:
    trials = [voided(trial) for trial in stepped(MORE_AFTER, blocks=1)]
    found = summarize([AUTOSCALING], trials)
    assert all(not it.trials for it in autoscaling(found).responses)
    assert [it.void for it in found.trials] == [["it was interrupted"]] * 3
    assert found.claims == []
