"""What each claim compares: which windows, which arms, and what a verdict rests on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pytest

from benchmarks.analysis.percentiles import judged, latency
from benchmarks.analysis.recovery import STRIDE_SECONDS
from benchmarks.analysis.trials import READY
from benchmarks.analysis.usage import Part, Reading
from benchmarks.experiments.runner.arms import Arm, Sweep
from benchmarks.experiments.runner.measured_trial import Trial
from benchmarks.experiments.runner.rates import settled
from benchmarks.experiments.scaling.claims import CLAIMS, EARLIER_CLAIMS, EXTERNAL_CLAIMS
from benchmarks.experiments.scaling.summary import summarize
from benchmarks.experiments.scaling.summary.claim_measures import (
    ALTERNATIVES,
    MEASURES,
    OF_ARRIVALS,
    OF_MEMORY,
)
from benchmarks.experiments.scaling.sweeps import sweeps
from benchmarks.results_model.claims import JudgedClaim
from benchmarks.tests.report.made_up import Circumstances, Maker

MIB = 2**20
PER_SECOND = 12.0
Change = Callable[[Trial], Trial]


def standard(name: str) -> Sweep:
    (found,) = (it for it in sweeps("standard") if it.name == name)
    return found


def trials(
    sweep: Sweep, blocks: int = 5, about: Mapping[tuple[int, str], Circumstances] | None = None
) -> list[Trial]:
    """Return made-up trials; `about` may have what is the matter with one of a block and arm."""
    maker = Maker()
    settled_sweep = replace(sweep, schedule=settled(sweep, PER_SECOND))
    for block in range(1, blocks + 1):
        for arm in sweep.arms:
            maker.trial(settled_sweep, arm, block, (about or {}).get((block, arm.name)))
    return maker.made


def claims(sweep: Sweep, measured: Sequence[Trial]) -> dict[str, JudgedClaim]:
    return {it.name: it for it in summarize([sweep], measured).claims}


def changed(measured: Sequence[Trial], arm: str, change: Change) -> list[Trial]:
    return [change(it) if it.arm == arm else it for it in measured]


def test_every_claim_has_a_measure_and_lists_what_it_depends_on() -> None:
    names = [claim.name for claim in (*CLAIMS, *EARLIER_CLAIMS)]
    assert len(set(names)) == len(names)
    assert set(names) == set(MEASURES) >= {*ALTERNATIVES, *OF_ARRIVALS, *OF_MEMORY}
    for claim in (*CLAIMS, *EARLIER_CLAIMS, *EXTERNAL_CLAIMS):
        assert claim.smallest > 0
        assert "{times}" in claim.sentence
        assert claim.depends or claim.restates
        assert claim.restates in {*names, ""} - {claim.name}
    known = {*(sweep.name for sweep in sweeps("standard")), *(it.sweep for it in EARLIER_CLAIMS)}
    assert known >= {sweep for each in ALTERNATIVES.values() for _, sweep, _ in each}


def test_a_95th_percentile_decides_from_a_hundred_values_on() -> None:
    assert judged(latency([1.0] * 99), 95) is None
    assert judged(latency([1.0] * 100), 95) == 1.0
    assert judged(latency([1.0] * 9), 50) is None
    assert judged(latency([1.0] * 10), 50) == 1.0
    assert latency([1.0] * 20).p95 == 1.0, "it is shown all the same"


def test_latency_is_claimed_from_windows_that_are_long_enough() -> None:
    load = standard("load")
    found = claims(load, trials(load))["open-latency"]
    assert [block.block for block in found.blocks] == [1, 2, 3, 4, 5]
    assert found.value is not None
    assert found.value > 1
    short = replace(load, fewest_arrivals=90)
    few = claims(short, trials(short))["open-latency"]
    assert few.blocks == []
    assert few.reason == "Only 0 blocks of the 5 that a verdict needs."
    (median,) = few.alternatives
    assert median.blocks == 5


def test_other_work_in_the_arrivals_window_disturbs_what_is_measured_there() -> None:
    load = standard("load")
    measured = [
        replace(it, disturbed_arrivals=it.block == 2 and it.arm == "monolith")
        for it in trials(load)
    ]
    found = claims(load, measured)
    assert [it.block for it in found["open-latency"].blocks if it.disturbed] == [2]
    assert len(found["open-latency"].blocks) == 5, "counted, and left out for a second verdict"
    assert not any(it.disturbed for it in found["cpu-per-submission"].blocks)


def test_other_work_all_the_time_disturbs_every_claim_but_those_about_memory() -> None:
    load = standard("load")
    found = claims(load, trials(load, about={(3, "monolith"): Circumstances(others=0.3)}))
    for name in ("cpu-per-submission", "open-latency"):
        assert [it.block for it in found[name].blocks if it.disturbed] == [3]
    working = standard("replicas-working")
    about = {(3, arm.name): Circumstances(others=0.3) for arm in working.arms}
    memory = claims(working, trials(working, about=about))["memory-per-replica"]
    assert len(memory.blocks) == 5
    assert not any(it.disturbed for it in memory.blocks)


def test_cpu_is_compared_on_the_full_core_and_at_a_rate_of_arrivals() -> None:
    load = standard("load")
    found = claims(load, trials(load))["cpu-per-submission"]
    assert (found.first_side, found.second_side) == ("microservices", "monolith")
    assert found.value == pytest.approx(91.5 / 78.0, rel=0.01)
    alternatives = {it.variation: it for it in found.alternatives}
    (arrivals,) = alternatives.values()
    assert arrivals.blocks == 5
    assert arrivals.value == pytest.approx(91.5 / 78.0, rel=0.05)


def _holding(rest: int, loaded: int, backing: int) -> Change:
    """Give a trial's units so many MiB at rest and under load, and its backing services others."""
    unit, store = Part("unit", "any", "any-1"), Part("backing", "s3", "s3")

    def change(trial: Trial) -> Trial:
        held = {unit: loaded * MIB, store: backing * MIB}
        levels = tuple(replace(level, memory_bytes=held) for level in trial.levels)
        readings = (Reading(0.0, unit, 1, 0.0, rest * MIB), Reading(0.0, store, 2, 0.0, MIB))
        return replace(trial, levels=levels, rest=readings)

    return change


def test_memory_is_what_each_further_replica_s_own_processes_add_with_the_model() -> None:
    working = standard("replicas-working")
    measured: Sequence[Trial] = trials(working)
    for arm, rest, loaded in (
        ("monolith-x1", 200, 500),
        ("monolith-whole-x4", 200 + 3 * 150, 500 + 3 * 450),
        ("monolith-worker-x4", 200 + 3 * 100, 500 + 3 * 300),
        ("microservices-x1", 300, 600),
        ("recognition-x4", 300 + 3 * 50, 600 + 3 * 250),
    ):
        measured = changed(measured, arm, _holding(rest, loaded, backing=loaded))
    found = claims(working, measured)
    whole, worker = found["memory-per-replica"], found["worker-memory"]
    assert (whole.first, whole.second) == pytest.approx((450 * MIB, 250 * MIB))
    assert (worker.first, worker.second) == pytest.approx((300 * MIB, 250 * MIB))
    assert whole.value == pytest.approx(1.8)
    others = {it.variation: it.value for it in whole.alternatives}
    assert others == {"before any load, when no model is loaded": pytest.approx(3.0)}


def _never_back(trial: Trial) -> Trial:
    calls = tuple(
        replace(call, latency_ms=60_000.0) if call.name == READY and call.step == 1 else call
        for call in trial.calls
    )
    return replace(trial, calls=calls)


def test_recovery_compares_the_worker_alone_and_the_whole_as_well() -> None:
    """A made-up target is back two seconds after its new processes: two seconds for each kind."""
    elasticity = standard("elasticity")
    found = claims(elasticity, trials(elasticity))["recovery"]
    assert (found.first_side, found.second_side) == (
        "monolith's worker alone",
        "recognition service alone",
    )
    assert found.second == pytest.approx(2.0 + 2.0, abs=2 * STRIDE_SECONDS)
    assert found.value == pytest.approx(1.0)
    alternatives = {it.variation: it.value for it in found.alternatives}
    assert alternatives["the monolith scaled whole"] == pytest.approx(6 / 4, rel=0.15)
    start_up = alternatives["seconds from the order until the new processes are ready"]
    assert start_up == pytest.approx(1.0)


def test_what_was_not_back_counts_with_the_time_watched_unless_both_were_not() -> None:
    elasticity = standard("elasticity")
    measured = trials(elasticity)
    one = claims(elasticity, changed(measured, "monolith-worker", _never_back))["recovery"]
    busy_seconds, order_after = elasticity.schedule.steps[1].window_seconds, 5.0
    assert one.first == pytest.approx(busy_seconds - order_after)
    neither = changed(changed(measured, "monolith-worker", _never_back), "recognition", _never_back)
    assert claims(elasticity, neither)["recovery"].blocks == []


def test_the_ratio_by_work_has_its_sign() -> None:
    """Two equal sides that scatter give 1, and not how far apart they happen to be."""
    work = standard("work")
    found = claims(work, trials(work))["work-dilutes"]
    assert found.first == pytest.approx(51.5 / 38.0, rel=0.02)
    assert found.second == pytest.approx(191.5 / 178.0, rel=0.02)
    swapped = {"monolith": "microservices", "microservices": "monolith"}
    reverse = [
        replace(
            it,
            document={
                **it.document,
                "arm": it.arm.replace(it.arm.split("-")[0], swapped[it.arm.split("-")[0]]),
            },
        )
        for it in trials(work)
    ]
    value = claims(work, reverse)["work-dilutes"].value
    assert found.value is not None
    assert value == pytest.approx(1 / found.value)


def test_reads_beside_work_in_the_request_have_a_claim_in_earlier_runs() -> None:
    arms = (Arm("in-worker", "monolith"), Arm("in-request", "monolith"))
    offloading = replace(standard("load"), name="offloading", arms=arms)
    found = claims(offloading, trials(offloading))["offloading"]
    assert len(found.blocks) == 5
    assert [it.variation for it in found.alternatives] == [
        "the median instead of the 95th percentile"
    ]
