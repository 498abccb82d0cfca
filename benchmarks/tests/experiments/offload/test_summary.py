"""What each claim compares, and what the sweeps add: latencies, cold starts, a step in load."""

from dataclasses import replace
from math import inf

import pytest

from benchmarks.analysis.trials import READY
from benchmarks.analysis.verdicts import Verdict
from benchmarks.experiments.offload.summary import summarize
from benchmarks.experiments.offload.summary.cold_starts import ready_ms
from benchmarks.experiments.offload.summary.features import RESULT, values
from benchmarks.experiments.offload.summary.starts import accepted_in_step, ready_in_step
from benchmarks.experiments.offload.sweeps import MOMENTS
from benchmarks.experiments.runner.summary.recoveries import flows
from benchmarks.results_model.claims import JudgedClaim
from benchmarks.results_model.experiments import OffloadResults
from benchmarks.results_model.sweeps import ColdStartsSweep, OffloadSweep, StepSweep
from benchmarks.tests.experiments.offload.made_up import (
    NAMES,
    call,
    cold,
    made,
    starts_of_windows,
    steady,
    stepped,
    sweep_named,
)

BUSY, COLD, STEP = (sweep_named(name) for name in ("busy", "cold", "step"))
READY_MS = {"at rest": 3000.0, "warm": 200.0, "after idle": 2000.0, "in a burst": 4000.0}
BACK_SECONDS = {
    "monolith-worker": 12.0,
    "monolith-function": 4.0,
    "microservices-worker": 12.0,
    "microservices-function": 20.0,
}


def latency(arm: str, feature: str) -> float:
    """Return ms: reads suffer from the request, a little from a worker on the same core."""
    if feature == "ready":
        return 600.0 if "function" in arm else 300.0
    if arm == "monolith-function-beside":
        return 45.0
    slow = {"monolith-request": 90.0, "monolith-worker": 40.0, "microservices-worker": 40.0}
    return slow.get(arm, 20.0)


def claims(found: OffloadResults) -> dict[str, JudgedClaim]:
    return {claim.name: claim for claim in found.claims}


@pytest.fixture(scope="module")
def busy() -> OffloadResults:
    return summarize([BUSY], steady(BUSY, latency))


def test_reads_in_the_request_in_a_worker_and_in_a_function(busy: OffloadResults) -> None:
    found = claims(busy)
    assert found["busy"].value == pytest.approx(4.5)
    assert found["worker-reads"].value == pytest.approx(2.0)
    assert found["offloading"].value == pytest.approx(2.25)
    assert found["services-reads"].value == pytest.approx(2.0)
    assert found["function-ready"].value == pytest.approx(2.0)
    assert {claim.verdict for claim in found.values()} == {Verdict.SUPPORTED, Verdict.INCONCLUSIVE}


def test_a_claim_that_another_core_reverses_is_decided_by_none(busy: OffloadResults) -> None:
    """A function on the API's core slows reads down more than the worker does, by design here."""
    found = claims(busy)["worker-reads"]
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "the function shares the API's core" in found.reason
    others = {it.variation: it.verdict for it in found.alternatives}
    assert others["the function shares the API's core"] is Verdict.NOT_SUPPORTED
    assert others["the median instead of the 95th percentile"] is Verdict.SUPPORTED
    assert claims(busy)["busy"].verdict is Verdict.SUPPORTED


def test_a_worker_of_its_own_machine_is_the_other_way_to_measure_readiness(
    busy: OffloadResults,
) -> None:
    others = [it.variation for it in claims(busy)["function-ready"].alternatives]
    assert "the worker has a machine of its own, too" in others


def test_each_feature_has_its_own_calls(busy: OffloadResults) -> None:
    (sweep,) = busy.sweeps
    assert isinstance(sweep, OffloadSweep)
    by_arm = {arm.arm: arm for arm in sweep.offload}
    request = by_arm["monolith-request"]
    counts = {feature: found.count for feature, found in request.latency_ms.items()}
    assert counts["read"] >= 3 * counts["submit"] == 5 * 330
    assert counts["submit"] == counts["ready"]
    assert request.place == "request"
    assert request.starts is None
    assert by_arm["monolith-function"].is_apart
    assert not by_arm["monolith-function-beside"].is_apart


def test_each_start_is_met_by_one_submission(busy: OffloadResults) -> None:
    (sweep,) = busy.sweeps
    assert isinstance(sweep, OffloadSweep)
    starts = {arm.arm: arm.starts for arm in sweep.offload}["monolith-function"]
    assert starts is not None
    assert (starts.met.count, starts.met.total) == (5, 5 * 110)
    assert starts.seconds == [1.5] * 5
    assert starts.most_environments == 2


def test_a_refused_submission_never_became_ready() -> None:
    begin = starts_of_windows(COLD)[0]
    refused = replace(call(NAMES["submit"], begin + 1, 5.0, 0), failed=True)
    ready = call(READY, begin + 2, 900.0, 0)
    trial = made(COLD, COLD.arms[0].name, 1, [refused, ready])
    assert sorted(values(trial, RESULT)) == [900.0, inf]
    assert sorted(ready_in_step(trial, 0)) == [900.0, inf]
    assert accepted_in_step(trial, 0) == 1, "it can meet no start of an environment"
    assert [it.latency_ms for it in flows(trial)] == [inf, 900.0]


def test_few_requests_decide_nothing_about_a_95th_percentile() -> None:
    quick = sweep_named("busy", "quick")
    found = claims(summarize([quick], steady(quick, latency)))
    assert list(found) == ["busy", "worker-reads", "offloading"]
    short = replace(
        quick,
        schedule=replace(
            quick.schedule, steps=(replace(quick.schedule.steps[0], window_seconds=5.0),)
        ),
    )
    few = claims(summarize([short], steady(short, latency)))
    assert all(claim.blocks == [] for claim in few.values())


def test_a_disturbed_trial_of_another_arm_disturbs_no_claim() -> None:
    trials = [
        replace(it, disturbed=it.block == 2 and it.arm == "monolith-request")
        for it in steady(BUSY, latency)
    ]
    found = claims(summarize([BUSY], trials))
    assert [it.block for it in found["busy"].blocks if it.disturbed] == [2]
    assert not any(it.disturbed for it in found["worker-reads"].blocks)


def test_cold_starts_by_moment() -> None:
    found = summarize([COLD], cold(COLD, READY_MS))
    (sweep,) = found.sweeps
    assert isinstance(sweep, ColdStartsSweep)
    moments = {it.moment: it for it in sweep.cold_starts[0].moments}
    met = {name: (it.met.count, it.met.total) for name, it in moments.items()}
    assert met == {
        "at rest": (5, 5),
        "warm": (0, 40),
        "after idle": (5, 5),
        "in a burst": (100, 100),
    }
    assert set(moments["in a burst"].start_seconds) == {0.9}
    assert moments["after idle"].ready_ms.mean == pytest.approx(2003.0)
    claim = claims(found)["after-idle"]
    assert claim.value == pytest.approx(2003 / 206.5, rel=0.02)
    assert [it.variation for it in claim.alternatives] == ["of the services' function"]


def test_submissions_that_never_became_ready_make_a_side_infinite() -> None:
    trial = cold(COLD, READY_MS)[0]
    idle = next(step for step, moment in MOMENTS.items() if moment == "after idle")
    failed = [replace(it, failed=True) if it.step == idle else it for it in trial.calls]
    assert ready_ms(trial, "after idle") == pytest.approx(2001.0)
    assert ready_ms(replace(trial, calls=(*failed,)), "after idle") == inf


def test_latency_is_back_after_an_order_and_without_one() -> None:
    found = summarize([STEP], stepped(STEP, BACK_SECONDS))
    (sweep,) = found.sweeps
    assert isinstance(sweep, StepSweep)
    by_arm = {arm.arm: arm for arm in sweep.responses}
    worker, function = (by_arm[f"monolith-{it}"].trials[0] for it in ("worker", "function"))
    assert worker.ordered_after_seconds == pytest.approx(5.0)
    assert worker.start_up_seconds == pytest.approx(3.0)
    assert worker.environments == []
    assert function.ordered_after_seconds is None
    assert function.starts == 3
    assert function.none_after_seconds == pytest.approx(11.0)
    assert [it.count for it in function.environments] == [1, 4, 4, 0]
    assert worker.since_step_seconds == pytest.approx(12.0, abs=1.0)
    assert function.since_step_seconds == pytest.approx(4.0, abs=1.0)
    recovery = claims(found)["recovery"]
    assert recovery.value is not None
    assert recovery.value > 2
    (at_once,) = recovery.alternatives
    assert at_once.value is not None
    assert at_once.value < recovery.value, "five seconds less for the workers"
    services = claims(found)["services-recovery"]
    assert services.verdict is Verdict.NOT_SUPPORTED
    assert services.second == pytest.approx(STEP.schedule.steps[1].window_seconds), "not back"


def test_a_trial_that_counted_nothing_is_left_out() -> None:
    trials = [
        replace(it, document={**it.document, "actions": []}) for it in stepped(STEP, BACK_SECONDS)
    ]
    found = summarize([STEP], trials)
    (sweep,) = found.sweeps
    assert isinstance(sweep, StepSweep)
    assert all(arm.trials == [] for arm in sweep.responses)
    assert claims(found)["recovery"].blocks == []
