"""A run on a small repository: what is red, what is kept, what is reported."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks.experiments.catalogue.faults import NULL, Fault
from benchmarks.experiments.isolation import records
from benchmarks.experiments.isolation.copies import lay_out_wheel_source
from benchmarks.experiments.isolation.jobs import SuiteNotGreenError, run
from benchmarks.experiments.isolation.records import BASE, Key
from benchmarks.experiments.isolation.reports import MixedUpError
from benchmarks.experiments.isolation.suite_runner import SuiteRunner
from benchmarks.experiments.isolation.suite_timings import alone_seconds
from benchmarks.experiments.isolation.suites import Tier
from benchmarks.experiments.isolation.summary.sides import Side, load
from benchmarks.experiments.isolation.sweeps import Plan
from benchmarks.experiments.runner.arms import ARCHITECTURES
from benchmarks.experiments.runner.errors import FolderError
from benchmarks.targets.git import git
from benchmarks.tests.experiments.isolation.small import (
    BROKEN,
    CODE,
    HANGING,
    NULL_FAULT,
    WRONG,
    CountingRunner,
    environments,
    fault,
    make_suite_runner,
    wheel_fault,
)

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _environments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VENVS", environments(tmp_path / "venvs")["VENVS"])


def go(suite_runner: SuiteRunner, *faults: Fault) -> tuple[list[str], list[str]]:
    """Run it; return the problems, and the lines that were reported."""
    lines: list[str] = []
    problems = run(Plan("quick", 1, faults), suite_runner, lines.append, at_once=2)
    return problems, lines


def sides(suite_runner: SuiteRunner) -> dict[tuple[str, str], Side]:
    return {(it.name, it.architecture): it for it in load(suite_runner.results)}


def test_faults_are_red_where_they_are_and_a_comment_is_green(tmp_path: Path) -> None:
    suite_runner = make_suite_runner(tmp_path)
    problems, lines = go(suite_runner, NULL_FAULT, WRONG, BROKEN)
    assert problems == []
    found = sides(suite_runner)
    for architecture in ("monolith", "microservices"):
        null = found["accounts-null", architecture].judged
        assert (null.red.own, null.red.others, null.unable.own, null.blast) == (0, 0, 0, 0)
        assert not any(it.is_red for it in found["accounts-null", architecture].runs)
        wrong = found["accounts-wrong", architecture]
        assert wrong.judged.red.own == 1
        assert wrong.judged.blast == 0
        assert [it.tier for it in wrong.runs] == [Tier.FAST], "slow ones only where all is green"
    assert found["accounts-broken", "monolith"].judged.unable.others == 2, "nothing is collected"
    assert found["accounts-broken", "microservices"].judged.blast == 0
    assert any("accounts-wrong, microservices: accounts 1 red of 2" in line for line in lines)
    assert not (tmp_path / "work").exists()
    status = git("status", "--porcelain", repository=suite_runner.repository)
    assert status == "", "the checkout is untouched"


def test_users_of_the_wheel_are_run_where_its_own_tests_are_green(tmp_path: Path) -> None:
    suite_runner = make_suite_runner(tmp_path)
    null = wheel_fault("imaging-null", "# as simple", "# As simple", kind=NULL)
    go(suite_runner, null, wheel_fault("imaging-wrong", "number * 2", "number * 3"))
    ran = {
        key: [it.suite.name for it in side.runs if it.tier is Tier.FAST]
        for key, side in sides(suite_runner).items()
    }
    assert ran == {
        ("imaging-wrong", "monolith"): ["imaging"],
        ("imaging-wrong", "microservices"): ["imaging"],
        ("imaging-null", "monolith"): ["imaging", "monolith"],
        ("imaging-null", "microservices"): ["imaging", "recognition"],
    }


def test_every_suite_that_holds_what_was_changed_is_run_whatever_is_red(tmp_path: Path) -> None:
    suite_runner = make_suite_runner(tmp_path)
    other = fault("recognition-wrong", "number * 2", "number * 3", component="recognition")
    edits = {side: (*WRONG.change.edits[side], *other.change.edits[side]) for side in ARCHITECTURES}
    go(suite_runner, replace(WRONG, change=replace(WRONG.change, edits=edits)))
    ran = sides(suite_runner)["accounts-wrong", "microservices"].runs
    assert [(it.suite.name, it.is_red) for it in ran] == [
        ("accounts", True),
        ("recognition", True),
    ]


def test_only_suites_that_a_fault_reaches_are_run_with_nothing_planted(tmp_path: Path) -> None:
    suite_runner = make_suite_runner(tmp_path)
    go(suite_runner, WRONG)
    ran = {path.name.split("-")[0] for path in (tmp_path / "results" / "raw" / BASE).glob("*-*")}
    assert ran == {"monolith", "accounts"}


def test_a_full_run_times_each_suite_alone_once(tmp_path: Path) -> None:
    suite_runner, lines = make_suite_runner(tmp_path), list[str]()
    run(Plan("full", 1, ()), suite_runner, lines.append, at_once=2)
    found = alone_seconds(suite_runner.results)
    assert {name: (it["tests"], it["red"], it["problem"]) for name, it in found.items()} == {
        name: (amount, 0, "")
        for name, amount in (("monolith", 6), ("accounts", 3), ("recognition", 3), ("imaging", 3))
    }
    assert all(it["seconds"] > 0 for it in found.values())
    assert any(line.startswith("monolith alone: 6 tests, 0 red in ") for line in lines)
    runner = CountingRunner()
    run(Plan("full", 1, ()), make_suite_runner(tmp_path, runner), lines.append, at_once=2)
    assert runner.commands == 0


def test_the_model_of_the_wheel_is_put_beside_its_source_again_and_again(tmp_path: Path) -> None:
    repository = make_suite_runner(tmp_path).repository
    installed = tmp_path / "environment" / "lib" / "python3.11" / "site-packages" / "imaging"
    installed.mkdir(parents=True)
    (installed / "centerface.onnx").write_text("a model")
    for _ in range(2):
        source = lay_out_wheel_source(
            "HEAD", tmp_path / "wheel", tmp_path / "environment", repository=repository
        )
        assert (source / "imaging" / "centerface.onnx").read_text() == "a model"


def test_what_is_on_disk_is_not_run_again(tmp_path: Path) -> None:
    go(make_suite_runner(tmp_path), WRONG)
    runner = CountingRunner()
    go(make_suite_runner(tmp_path, runner), WRONG)
    assert runner.commands == 0
    go(make_suite_runner(tmp_path, runner), WRONG, BROKEN)
    assert runner.commands == 2, "one suite on either side"


def test_a_suite_that_hangs_is_killed_at_its_limit_and_reported(tmp_path: Path) -> None:
    suite_runner = make_suite_runner(tmp_path, limit_seconds=6.0)
    _, lines = go(suite_runner, HANGING)
    hung = sides(suite_runner)["accounts-hangs", "microservices"]
    assert hung.judged.unable.own == 2
    assert hung.runs[0].record.problem == "not over within 6 s, and killed"
    assert any("not over within 6 s, and killed" in line for line in lines)


def test_a_faulty_suite_gets_three_times_what_it_took_and_a_minute_at_least(tmp_path: Path) -> None:
    go(make_suite_runner(tmp_path, limit_seconds=100.0), NULL_FAULT)
    suite_runner = make_suite_runner(tmp_path, runner := CountingRunner(), limit_seconds=100.0)
    go(suite_runner, WRONG)
    assert runner.limits == [60.0, 60.0], "each took a second or two"
    set_base_seconds(suite_runner, "monolith", 30.0)
    set_base_seconds(suite_runner, "accounts", 50.0)
    go(suite_runner, BROKEN)
    assert sorted(runner.limits[2:]) == [90.0, 100.0], "and never more than its own limit"


def set_base_seconds(suite_runner: SuiteRunner, name: str, seconds: float) -> None:
    """Write down that a suite took so long with nothing planted."""
    (suite,) = (it for it in suite_runner.suites if it.name == name)
    at_base = suite_runner.record(BASE, suite, suite_runner.base, Tier.FAST)
    records.write(suite_runner.results, replace(at_base, seconds=seconds))


def test_a_fault_that_no_longer_fits_is_reported_and_the_others_run(tmp_path: Path) -> None:
    suite_runner = make_suite_runner(tmp_path)
    outdated = fault("accounts-old", "number * 9", "number", code=CODE.replace("2", "9"))
    problems, _ = go(suite_runner, outdated, WRONG)
    assert len(problems) == 1
    assert problems[0].startswith("The fault accounts-old no longer applies: ")
    assert "the hunk at line 1 of monolith/accounts.py fits 0 places" in problems[0]
    assert ("accounts-wrong", "monolith") in sides(suite_runner)


def test_a_report_that_was_swapped_stops_the_run(tmp_path: Path) -> None:
    kept: dict[str, str] = {}

    def swap(report: Path) -> None:
        """The second fault's suite gets the first one's report."""
        text = report.read_text()
        if "accounts-wrong" in text and kept:
            report.write_text(kept["null"])
        elif "accounts-null" in text:
            kept["null"] = text

    suite_runner = make_suite_runner(tmp_path, CountingRunner(alter_report=swap))
    go(suite_runner, NULL_FAULT)
    with pytest.raises(MixedUpError, match="mixed up"):
        go(suite_runner, WRONG)


def test_a_record_that_was_swapped_is_found_when_it_is_read(tmp_path: Path) -> None:
    suite_runner = make_suite_runner(tmp_path)
    go(suite_runner, WRONG, BROKEN)
    places = [
        next((suite_runner.results / "raw" / it.name).glob("accounts-*")) for it in (WRONG, BROKEN)
    ]
    places[0].write_text(places[1].read_text())
    with pytest.raises(FolderError, match="mixed up"):
        load(suite_runner.results)


def test_tests_of_another_suite_are_found_though_their_names_were_changed(tmp_path: Path) -> None:
    suite_runner = make_suite_runner(tmp_path)
    go(suite_runner, WRONG)
    place = next((suite_runner.results / "raw" / "accounts-wrong").glob("monolith-*-fast.json"))
    document = json.loads(place.read_text())
    key = Key(*(document[name] for name in ("fault", "suite", "identity", "tier")))
    document["tests"] = [["tests.test_it::test_double", "passed", 0.1]]
    place.write_text(json.dumps(document))
    assert records.read(suite_runner.results, key) is not None
    with pytest.raises(FolderError, match="swapped"):
        load(suite_runner.results)


def test_nothing_is_planted_where_a_suite_fails_by_itself(tmp_path: Path) -> None:
    def fail_first_test(report: Path) -> None:
        tree = ElementTree.parse(report)
        first = next(tree.iter("testcase"))
        first.append(ElementTree.Element("failure", message="the machine was busy"))
        tree.write(report)

    runner = CountingRunner(alter_report=fail_first_test)
    with pytest.raises(SuiteNotGreenError, match="monolith 1 red of 4"):
        go(make_suite_runner(tmp_path, runner), WRONG)
    assert runner.commands == 2, "the suites that it reaches, as they are"
    assert list((tmp_path / "results" / "raw").glob("accounts-wrong/*")) == []
    again = make_suite_runner(tmp_path)
    problems, _ = go(again, WRONG)
    assert problems == []
    assert sides(again)["accounts-wrong", "monolith"].runs
