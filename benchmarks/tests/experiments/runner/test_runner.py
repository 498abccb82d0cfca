"""Smaller modules of the runner, each by itself."""

import errno
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.analysis.percentiles import JUDGED_BEYOND, values_needed
from benchmarks.analysis.usage import Part, Reading
from benchmarks.analysis.verdicts import FEWEST_BLOCKS
from benchmarks.experiments.registry import experiment_named
from benchmarks.experiments.runner import disk
from benchmarks.experiments.runner.arms import FLOOR, Arm, Sweep
from benchmarks.experiments.runner.blocks import plan
from benchmarks.experiments.runner.conformance import read_report
from benchmarks.experiments.runner.cores import pin, read_core_times, split_cores
from benchmarks.experiments.runner.environment import cpu_model, pins
from benchmarks.experiments.runner.errors import (
    DiskFullError,
    FolderError,
    GeneratorError,
    HarnessError,
    MachineError,
    UsageError,
)
from benchmarks.experiments.runner.plans import (
    AROUND_FLOOR_SECONDS,
    AROUND_SECONDS,
    CONFORMANCE_SECONDS,
    SELECTED_CASES_SECONDS,
    Plan,
    trial_seconds,
)
from benchmarks.experiments.runner.profiles import PROFILES, profile_named
from benchmarks.experiments.runner.progress import TimeLeft, clock
from benchmarks.experiments.runner.rates import Rates, settled
from benchmarks.experiments.runner.results_folder import (
    Marked,
    ResultsFolder,
    read_readings,
    write_readings,
)
from benchmarks.experiments.runner.trial_experiment import chosen
from benchmarks.experiments.scaling.claims import CLAIMS
from benchmarks.experiments.scaling.sizes import SIZES
from benchmarks.experiments.scaling.sweeps import sweeps
from benchmarks.workload.schedule import Schedule, Step

ARMS = ("a", "b")
SWEEPS = [it for profile in SIZES for it in sweeps(profile)]
STEPS = Schedule.closed((1, 2), 0.0, 1.0)


def sweep(blocks: int, name: str = "load") -> Sweep:
    return Sweep(name, "load", "It", tuple(Arm(arm, arm) for arm in ARMS), STEPS, blocks)


@given(st.integers(1, 12), st.integers(0, 10_000))
def test_a_block_has_each_arm_once(blocks: int, seed: int) -> None:
    trials = plan([sweep(blocks)], seed)
    assert [trial.number for trial in trials] == list(range(1, 2 * blocks + 1))
    for block in range(1, blocks + 1):
        assert sorted(it.arm for it in trials if it.block == block) == list(ARMS)
    assert trials == plan([sweep(blocks)], seed), "the seed gives the order"


def test_neither_arm_always_goes_first() -> None:
    first = {plan([sweep(1)], seed)[0].arm for seed in range(20)}
    assert first == set(ARMS)


@given(st.integers(0, 10_000))
def test_arms_of_the_same_work_are_neighbours(seed: int) -> None:
    (work,) = (it for it in sweeps("standard") if it.name == "work")
    costs = [work.arm(trial.arm).work_cpu_ms for trial in plan([work], seed)]
    assert costs[::2] == costs[1::2]
    assert len(set(costs)) == len(costs) / 2 / work.blocks


def test_trials_sort_in_the_order_of_running() -> None:
    names = [trial.name for trial in plan([sweep(8)], 1)]
    assert names == sorted(names)


def test_sweeps_take_turns_until_each_has_its_blocks() -> None:
    trials = plan([sweep(1, "floor"), sweep(3, "load")], 5)
    assert [(it.block, it.sweep) for it in trials[::2]] == [
        *((1, "floor"), (1, "load"), (2, "load"), (3, "load")),
    ]


def test_a_sweep_survives_the_file() -> None:
    for written in SWEEPS:
        assert Sweep.from_json(json.loads(json.dumps(written.to_json()))) == written


def test_each_claim_has_a_sweep_with_the_blocks_of_a_verdict() -> None:
    """In standard and full all; the headline's sweep in quick as well; in smoke each once."""
    claimed = {claim.sweep for claim in CLAIMS}
    for profile in ("standard", "full"):
        every = {it.name: it for it in sweeps(profile)}
        assert claimed <= every.keys()
        assert all(every[name].blocks >= FEWEST_BLOCKS for name in claimed)
        assert all(len(every[name].schedule.steps) >= 6 for name in ("load", "waiting"))
    quick = {it.name: it.blocks for it in sweeps("quick")}
    assert quick == {"floor": 1, "overhead": 1, "load": 5}
    assert claimed <= {it.name for it in sweeps("smoke")}
    for profile in SIZES:
        for made in sweeps(profile):
            assert len({arm.name for arm in made.arms}) == len(made.arms), "each arm is there once"


def test_a_sweep_of_one_number_of_replicas_would_add_nothing() -> None:
    for profile in SIZES:
        for made in sweeps(profile):
            if made.kind == "replicas":
                assert {1, max(SIZES[profile].replicas)} <= {
                    int(arm.name.rpartition("-x")[2]) for arm in made.arms
                }


def test_sweeps_are_chosen_by_name_and_the_floor_comes_along() -> None:
    names = [it.name for it in chosen(sweeps("standard"), "work")]
    assert names == ["floor", "work"]
    with pytest.raises(UsageError, match="no sweep wrok: there is floor, overhead, load"):
        chosen(sweeps("quick"), "wrok")


def test_rates_are_shares_of_what_the_floor_could_do(tmp_path: Path) -> None:
    """Settled once, and then the same for every trial of the run, whatever the floor does later."""
    folder = ResultsFolder.create(tmp_path, profile="x")
    record = {"bound_per_second": 20.0}
    shares = replace(
        sweep(1), schedule=Schedule((Step(0.0, 1.0, rate=0.4),)), rates_are_shares=True
    )
    rates = Rates(folder, split_cores(frozenset({0, 1})), record)
    assert rates.settle(shares).steps[0].rate == 8.0
    assert rates.settle(sweep(1)) == STEPS
    unknown = Rates(folder, split_cores(frozenset({0, 1})), {"bound_per_second": None})
    with pytest.raises(HarnessError, match="No trial of the floor counts"):
        unknown.settle(shares)


def test_the_window_of_the_highest_rate_lasts_until_enough_have_come() -> None:
    """It alone is behind verdicts. By the rate that is settled, whatever the machine can do."""
    steps = (Step(1.0, 6.0, rate=0.25), Step(1.0, 6.0, rate=0.5), Step(0.0, 4.0, users=8))
    shares = replace(sweep(1), schedule=Schedule(steps), rates_are_shares=True, fewest_arrivals=110)
    for bound in (2.0, 16.0, 30.0):
        low, high, users = settled(shares, bound).steps
        assert (low.window_seconds, users) == (6.0, steps[2])
        assert high.rate == bound / 2
        assert 110 <= high.arrivals <= 110 + high.rate / 10 + 1
    assert settled(shares, 100.0).steps[1].window_seconds == 6.0, "never shorter than it was"
    given_rates = replace(sweep(1), schedule=Schedule((Step(0, 2.0, rate=5),)), fewest_arrivals=110)
    assert settled(given_rates, 16.0).steps[0].window_seconds == 22.0


@pytest.mark.parametrize("profile", ["quick", "standard", "full"])
def test_every_window_behind_a_percentile_has_what_a_verdict_needs(profile: str) -> None:
    for made in sweeps(profile):
        if made.rates_are_shares:
            for bound in (5.0, 16.0, 60.0):
                highest = max(settled(made, bound).steps, key=lambda step: step.rate)
                assert highest.arrivals >= 1.1 * JUDGED_BEYOND * values_needed(95)


def test_the_planned_time_is_that_of_what_is_run() -> None:
    """The lengthened windows included, and fewer steps of an arm with fewer faults."""
    arms = (Arm("floor", FLOOR), Arm("a", "monolith"), Arm("b", "monolith", faults=("kill x",)))
    steps = Schedule((Step(0.0, 10.0, rate=2.0), Step(0.0, 10.0, rate=2.0)))
    made = Sweep("load", "load", "It", arms, steps, 3)
    around = (AROUND_FLOOR_SECONDS, AROUND_SECONDS, AROUND_SECONDS)
    expected = [steps + beside for steps, beside in zip((20.0, 20.0, 10.0), around, strict=True)]
    assert [trial_seconds(made, arm) for arm in arms] == expected
    longer = replace(made, fewest_arrivals=40)
    assert trial_seconds(longer, arms[1]) == 40.0 + AROUND_SECONDS
    made_plan = Plan("x", (made,), PROFILES["quick"], 1, Path(), split_cores(share=True))
    assert made_plan.seconds == 3 * sum(expected) + CONFORMANCE_SECONDS
    some = replace(PROFILES["quick"], conformance="test_page")
    assert replace(made_plan, profile=some).seconds == 3 * sum(expected) + SELECTED_CASES_SECONDS
    assert replace(made_plan, is_checked=False).seconds == 3 * sum(expected)


def test_the_profiles_take_what_was_promised() -> None:
    """Quick 8 minutes and standard an hour and a quarter, conformance apart."""
    for profile, most_minutes in (("quick", 8.0), ("standard", 75.0)):
        made = Plan("x", sweeps(profile), PROFILES[profile], 1, Path(), split_cores(share=True))
        assert replace(made, is_checked=False).seconds <= 60 * most_minutes


def test_too_little_room_is_reported_before_a_trial(tmp_path: Path) -> None:
    with patch_needed(2**62), pytest.raises(DiskFullError, match="a trial needs"):
        disk.check_room(tmp_path)
    disk.check_room(tmp_path)


@contextmanager
def patch_needed(amount: int) -> Iterator[None]:
    needed, disk.NEEDED_BYTES = disk.NEEDED_BYTES, amount
    try:
        yield
    finally:
        disk.NEEDED_BYTES = needed


def test_a_full_disk_is_known_behind_other_errors(tmp_path: Path) -> None:
    folder = ResultsFolder(tmp_path)
    plain = OSError(errno.EACCES, "no")
    with pytest.raises(OSError, match="no"):
        disk.explained(plain, folder)
    ended = GeneratorError("its log ends with: OSError: [Errno 28] No space left on device")
    assert isinstance(disk.explained(ended, folder), DiskFullError)
    assert not isinstance(disk.explained(HarnessError("else"), folder), DiskFullError)


def test_target_and_generator_share_no_core() -> None:
    assert split_cores(frozenset({3, 5})).target == {3}
    assert split_cores(frozenset({3, 5})).generator == 5
    assert len(split_cores(frozenset(range(8))).target) == 1


def test_one_core_is_refused_in_a_sentence() -> None:
    with pytest.raises(MachineError, match="needs two cores"):
        split_cores(frozenset({0}))
    assert split_cores(frozenset({0}), share=True).shared
    assert not split_cores(frozenset({0, 1}), share=True).shared


def test_every_thread_of_the_harness_is_pinned() -> None:
    everywhere, ended = os.sched_getaffinity(0), threading.Event()
    thread = threading.Thread(target=ended.wait)
    thread.start()
    try:
        pin({max(everywhere)})
        assert os.sched_getaffinity(thread.native_id or 0) == {max(everywhere)}
        assert os.sched_getaffinity(0) == {max(everywhere)}
    finally:
        pin(everywhere)
        ended.set()
        thread.join()
    assert os.sched_getaffinity(0) == everywhere


def test_times_of_some_cores_are_read(tmp_path: Path) -> None:
    stat = tmp_path / "stat"
    stat.write_text(
        "cpu  999 0 0 0 0 0 0 0 0 0\n"
        "cpu0 100 0 50 1000 7 1 2 3 0 0\n"
        "cpu1 500 0 0 0 0 0 0 0 0 0\n"
        "cpu10 500 0 0 0 0 0 0 0 0 0\n"
    )
    found = read_core_times(frozenset({0}), stat)
    assert found.busy == pytest.approx(1.53)
    assert found.stolen == pytest.approx(0.03)


def test_time_left_learns_from_what_is_done() -> None:
    planned, steps = {"prove": 10.0, "trial": 60.0}, ["prove", "trial", "trial", "trial"]
    assert TimeLeft(planned, steps, later_seconds=100.0).seconds() == 290.0
    left = TimeLeft(planned, steps)
    assert left.seconds() == 190.0
    left.finish("prove", 30.0)
    left.finish("trial", 40.0)
    assert left.seconds() == 80.0
    assert left.seconds(current="trial", elapsed=15.0) == 65.0
    left.add(["trial"])
    assert left.seconds() == 120.0, "a further block"
    left.finish("trial", 40.0)
    assert left.seconds(current="trial", elapsed=90.0) == 40.0, "overdue steps don't eat others"
    assert clock(187.4) == "3:07"


def test_profiles_and_experiments_have_names() -> None:
    assert profile_named("quick") is PROFILES["quick"]
    with pytest.raises(UsageError, match="no profile 'fast': it is one of smoke, quick"):
        profile_named("fast")
    with pytest.raises(UsageError, match="no experiment 'speed': there is scaling, deploy"):
        experiment_named("speed")


@pytest.mark.parametrize(
    ("junit", "passed", "cases", "failed", "skipped"),
    [
        ("<testsuites><testsuite><testcase/></testsuite></testsuites>", True, 1, 0, 0),
        ("<testsuite><testcase/><testcase><failure/></testcase></testsuite>", False, 2, 1, 0),
        ("<testsuite><testcase><error/></testcase></testsuite>", False, 1, 1, 0),
        ("<testsuite><testcase/><testcase><skipped/></testcase></testsuite>", True, 2, 0, 1),
        ("<testsuite/>", False, 0, 0, 0),
    ],
)
def test_the_suite_s_report_is_read(
    junit: str, *, passed: bool, cases: int, failed: int, skipped: int
) -> None:
    proof = read_report(junit, seconds=1.0)
    assert (proof.passed, proof.cases, proof.failed, proof.skipped) == (
        *(passed, cases, failed, skipped),
    )


def test_versions_come_from_the_locks() -> None:
    lock = "django==5.2.8 \\\n    --hash=sha256:0\npsycopg[binary]==3.2.9 ; x\ncelery==5.7.0\n"
    assert pins(lock, ("django", "psycopg", "granian")) == {"django": "5.2.8", "psycopg": "3.2.9"}
    assert cpu_model("processor\t: 0\nmodel name\t: Some CPU 3000\n") == "Some CPU 3000"


def test_readings_survive_the_file(tmp_path: Path) -> None:
    reading = Reading(12.345678, Part("unit", "app", "app-web-1"), 77, 1234.567, 2**24)
    written = [Marked("before", 4, reading), Marked("after", 4, reading)]
    write_readings(tmp_path / "readings.csv.gz", written)
    assert list(read_readings(tmp_path / "readings.csv.gz")) == written


def test_a_folder_of_another_kind_or_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="is not a results folder"):
        ResultsFolder.open(tmp_path)
    folder = ResultsFolder(tmp_path)
    folder.write_json("run.json", {"raw_version": 99})
    with pytest.raises(FolderError, match="version 99"):
        ResultsFolder.open(tmp_path)
    (tmp_path / "run.json").write_text("{")
    with pytest.raises(FolderError, match="can't be read"):
        ResultsFolder.open(tmp_path)
