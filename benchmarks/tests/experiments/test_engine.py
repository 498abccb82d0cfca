"""The engine's smaller parts."""

import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.analysis.usage import Part, Reading
from benchmarks.experiments.engine.blocks import plan
from benchmarks.experiments.engine.conformance import read_report
from benchmarks.experiments.engine.cores import pin, read_core_times, split_cores
from benchmarks.experiments.engine.environment import cpu_model, pins
from benchmarks.experiments.engine.errors import FolderError, MachineError, UsageError
from benchmarks.experiments.engine.folder import (
    Marked,
    ResultsFolder,
    read_readings,
    write_readings,
)
from benchmarks.experiments.engine.profiles import PROFILES, profile_named
from benchmarks.experiments.engine.progress import TimeLeft, clock
from benchmarks.experiments.registry import experiments_named

ARMS = ("a", "b")


@given(st.integers(1, 12), st.integers(0, 10_000))
def test_a_block_has_each_arm_once(blocks: int, seed: int) -> None:
    trials = plan(ARMS, blocks, seed)
    assert [trial.number for trial in trials] == list(range(1, 2 * blocks + 1))
    for block in range(1, blocks + 1):
        assert sorted(it.arm for it in trials if it.block == block) == list(ARMS)
    assert trials == plan(ARMS, blocks, seed), "the seed gives the order"


def test_neither_arm_always_goes_first() -> None:
    first = {plan(ARMS, 1, seed)[0].arm for seed in range(20)}
    assert first == set(ARMS)


def test_trials_sort_in_the_order_of_running() -> None:
    names = [trial.name for trial in plan(ARMS, 8, 1)]
    assert names == sorted(names)


def test_target_and_generator_share_no_core() -> None:
    assert split_cores(frozenset({3, 5})).target == {3}
    assert split_cores(frozenset({3, 5})).generator == 5
    assert len(split_cores(frozenset(range(8))).target) == 1


def test_one_core_is_refused_in_a_sentence() -> None:
    with pytest.raises(MachineError, match="needs two cores"):
        split_cores(frozenset({0}))


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
    left = TimeLeft({"prove": 10.0, "trial": 60.0}, ["prove", "trial", "trial", "trial"])
    assert left.seconds() == 190.0
    left.finish("prove", 30.0)
    left.finish("trial", 40.0)
    assert left.seconds() == 80.0
    assert left.seconds(current="trial", elapsed=15.0) == 65.0
    assert left.seconds(current="trial", elapsed=90.0) == 40.0, "overdue steps don't eat others"
    assert clock(187.4) == "3:07"


def test_profiles_and_experiments_have_names() -> None:
    assert profile_named("quick") is PROFILES["quick"]
    assert [it.name for it in experiments_named("scaling")] == ["scaling"]
    with pytest.raises(UsageError, match="no profile 'fast': it is one of smoke, quick"):
        profile_named("fast")
    with pytest.raises(UsageError, match="no experiment 'deploy': there is scaling"):
        experiments_named("scaling,deploy")
    with pytest.raises(UsageError, match="No experiment was named"):
        experiments_named(" , ")


def test_profiles_of_a_comparison_have_blocks_and_levels_enough() -> None:
    for name in ("quick", "standard"):
        profile = PROFILES[name]
        assert profile.blocks >= 3
        assert len(profile.schedule.levels) >= 4


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
