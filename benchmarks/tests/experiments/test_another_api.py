"""The recipe of docs/another-api.md: another API, loaded and reported by the same harness."""

import re
import shlex
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.examples.toy_queue import ToyQueue
from benchmarks.experiments.results import derive, draw
from benchmarks.experiments.runner.errors import UsageError
from benchmarks.experiments.runner.experiment import RunOptions
from benchmarks.experiments.runner.external_target import deployed_targets
from benchmarks.experiments.runner.measured_trial import Trial, load_trials
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.experiments.scaling.run import EXPERIMENT
from benchmarks.tests.experiments.conftest import Rig
from benchmarks.tests.workload.locust_driver import drive
from benchmarks.workload.api import load_api
from benchmarks.workload.schedule import Schedule, Step

REPOSITORY = Path(__file__).resolve().parents[3]
PAGE = REPOSITORY / "docs" / "another-api.md"
MOST_LINES = 100


def command() -> dict[str, str]:
    """The variables of the page's `make compare`."""
    (line,) = re.findall(r"^\$ make compare (.*)$", PAGE.read_text(), re.MULTILINE)
    return dict(word.split("=", 1) for word in shlex.split(line))


API = str(REPOSITORY / command()["API"])
SCHEDULE = Schedule((*Schedule.closed((1, 4), 0.2, 0.8).steps, Step(0.2, 0.8, rate=10.0)))


@pytest.fixture
def toys() -> Iterator[tuple[ToyQueue, ToyQueue]]:
    """The targets of the page, on free ports."""
    work = [float(it) for it in re.findall(r"toy_queue\.py .*--work-ms (\d+)", PAGE.read_text())]
    with ExitStack() as stack:
        first, second = (stack.enter_context(ToyQueue(work_ms=it)) for it in work)
        yield first, second


def compare(rig: Rig, first: ToyQueue, second: ToyQueue) -> ResultsFolder:
    """Run the page's `make compare`, with the targets where they are."""
    variables = command()
    assert variables.keys() == {"PROFILE", "TARGET_A", "TARGET_B", "API", "RATES"}
    options = RunOptions(
        profile=variables["PROFILE"],
        seed=1,
        target_a=first.base_url,
        target_b=second.base_url,
        api=API,
        rates=variables["RATES"],
    )
    folder = ResultsFolder.create(rig.results, profile="external")
    planned = EXPERIMENT.plan(options)
    assert planned.execute(folder, Console(file=rig.screen, width=200), rig.run_dir) == []
    return folder


def by_arm(folder: ResultsFolder) -> dict[str, Trial]:
    return {trial.arm: trial for trial in load_trials(folder)}


@pytest.mark.slow
def test_the_page_s_commands_compare_two_targets(rig: Rig, toys: tuple[ToyQueue, ToyQueue]) -> None:
    folder = compare(rig, *toys)
    trials = by_arm(folder)
    assert {name: trial.void for name, trial in trials.items()} == {"target-a": (), "target-b": ()}
    for trial, toy in zip((trials["target-a"], trials["target-b"]), toys, strict=True):
        assert trial.ledger is not None
        assert trial.ledger.rows == trial.ledger.accepted == len(toy.jobs)
        assert {job["state"] for job in toy.jobs.values()} == {"done"}
        assert all(level.submit_ms.count and level.read_ms.count for level in trial.levels)
        assert all((level.ready_ms.mean or 0.0) >= toy.work_ms for level in trial.levels)
    results = derive(folder)
    assert results.conformance == {}
    page = draw(folder, results).read_text()
    assert "The conformance suite was not run." in page
    assert "Image: <code>" not in page


@pytest.mark.slow
def test_jobs_that_the_target_lost_void_a_trial(rig: Rig) -> None:
    with ToyQueue(work_ms=5) as whole, ToyQueue(work_ms=5, lose_every=4) as lossy:
        trials = by_arm(compare(rig, whole, lossy))
    assert trials["target-a"].void == ()
    assert "the target holds" in trials["target-b"].void[0]


@pytest.mark.slow
def test_what_was_there_before_a_trial_is_not_counted(tmp_path: Path) -> None:
    with ToyQueue(work_ms=5) as toy:
        for _ in range(7):
            toy.add({"numbers": []})
        done = drive(toy.base_url, tmp_path, SCHEDULE, "--api", API)
        assert len(toy.jobs) == done.drained["accepted"] + 7
    assert done.drained["account_submissions"] == done.drained["accepted"]
    assert done.drained["unfinished"] == []
    assert done.drained["errors"] == 0
    assert {row.name for row in done.rows if row.submission_id} == {
        "/submissions (upload)",
        "/submissions/[id]?wait",
        "/submissions/[id]/result",
        "submit to ready",
    }


@pytest.mark.slow
def test_a_refused_request_is_a_failure_and_counts_nothing(tmp_path: Path) -> None:
    """The toy refuses every key but its own."""
    other = tmp_path / "other.py"
    source = Path(API.rpartition(":")[0]).read_text()
    other.write_text(source.replace('"X-Queue-Key": "toy"', '"X-Queue-Key": "another"'))
    with ToyQueue(work_ms=5) as toy:
        done = drive(toy.base_url, tmp_path, SCHEDULE, "--api", f"{other}:JobQueue")
        assert toy.jobs == {}
    assert done.drained["accepted"] == 0
    assert done.drained["account_submissions"] is None
    submits = done.named("/submissions (upload)")
    assert submits
    assert {row.status for row in submits} == {403}


def test_a_target_that_is_not_ready_is_refused() -> None:
    with ToyQueue() as toy:
        url = toy.base_url
        assert deployed_targets(url, f"{url}/", API) == (url, url)
    with pytest.raises(UsageError, match=r"TARGET_A: .* is not ready, by .*job_queue.py:JobQueue"):
        deployed_targets(url, url, API)


def test_an_api_goes_with_targets_only() -> None:
    with pytest.raises(UsageError, match="API goes with TARGET_A and TARGET_B only"):
        EXPERIMENT.plan(RunOptions(profile="smoke", share_core=True, api=API))


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("job_queue", "names no class: give it as FILE.py:CLASS"),
        ("job_queue.py", "names no class"),
        ("nowhere.py:JobQueue", "there is no file"),
        (f"{API}Class", "has no class JobQueueClass"),
        (f"{Path(API.rpartition(':')[0])}:Calls", "Calls lacks poll_seconds, is_ready"),
    ],
)
def test_what_is_no_api_is_refused_in_a_sentence(where: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        load_api(where)


def test_the_example_is_short() -> None:
    file, _, _ = API.rpartition(":")
    lines = Path(file).read_text().splitlines()
    assert len(lines) < MOST_LINES


def test_the_page_has_every_member_and_every_call() -> None:
    page = PAGE.read_text()
    for name in ("is_ready", "submit", "state", "read_result", "count"):
        assert f"| `{name}(" in page
    assert "| `poll_seconds` |" in page
    for name in ("submit", "state", "result", "count"):
        assert f"| `{name}(path" in page
