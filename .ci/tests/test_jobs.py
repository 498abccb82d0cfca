"""Suites that share a target are one job, and jobs leave each other room on the cores."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import jobs
import pytest
from jobs import Job, Schedule, jobs_of
from suites import SUITES, Suite, TargetKind

from repository import REPOSITORY, VENVS

CELERY, LAMBDA = TargetKind("monolith", "celery"), TargetKind("monolith", "lambda")


def suite(
    name: str,
    *,
    seconds: float = 100,
    cpu_seconds: float = 100,
    target: TargetKind | None = None,
    after: tuple[str, ...] = (),
) -> Suite:
    return Suite(
        name, "lint", ".", seconds=seconds, cpu_seconds=cpu_seconds, target=target, after=after
    )


def names(found: list[Job]) -> list[list[str]]:
    return [[member.name for member in job.suites] for job in found]


def test_suites_with_the_same_kind_of_target_are_one_job() -> None:
    found = jobs_of(
        [
            suite("conformance", target=CELERY),
            suite("types"),
            suite("function", target=LAMBDA),
            suite("page", target=CELERY),
        ]
    )
    assert names(found) == [["types"], ["conformance", "page"], ["function"]]


def test_each_architecture_is_deployed_once_by_make_test() -> None:
    deployed = [job.target for job in jobs_of(it for it in SUITES if not it.slow) if job.target]
    assert sorted(kind.architecture for kind in deployed) == ["microservices", "monolith"]


def started(schedule: Schedule) -> list[str]:
    found = []
    while (job := schedule.take()) is not None:
        found += [member.name for member in job.suites]
    return found


def test_the_longest_start_first_as_long_as_there_is_room() -> None:
    all_of_a_core, waits = jobs_of([suite("short", seconds=50, cpu_seconds=50)])[0], suite
    schedule = Schedule(
        [
            all_of_a_core,
            *jobs_of([suite("long"), suite("longer", seconds=200, cpu_seconds=200)]),
            *jobs_of([waits("sleeps", seconds=20, cpu_seconds=2)]),
        ]
    )
    assert started(schedule) == ["longer", "long", "sleeps"]
    assert started(schedule) == []
    schedule.end(jobs_of([suite("long")])[0])
    assert started(schedule) == ["short"]


def test_a_job_that_needs_more_than_there_is_runs_alone() -> None:
    greedy = jobs_of([suite("greedy", seconds=10, cpu_seconds=10 * (jobs.CORES + 1))])
    schedule = Schedule([*greedy, *jobs_of([suite("other", seconds=5, cpu_seconds=1)])])
    assert started(schedule) == ["greedy"]
    schedule.end(greedy[0])
    assert started(schedule) == ["other"]


def test_a_suite_starts_after_those_that_it_needs() -> None:
    first, last = jobs_of([suite("one"), suite("comparison", seconds=1, after=("one", "gone"))])
    schedule = Schedule([first, last])
    assert started(schedule) == ["one"]
    schedule.end(first)
    assert started(schedule) == ["comparison"]


ROWS = """
[projects.billing]
folder = "microservices/billing"
locks = ["main", "dev"]

[projects.billing.suites.one]
deployed = ["monolith"]
arguments = "tests/test_one.py"

[projects.billing.suites.two]
deployed = ["monolith"]
arguments = "tests/test_two.py"
seconds = 1
"""
# In place of `benchmarks run`: it notes each deployment, and runs what comes after `--`.
DEPLOY = """\
#!/bin/sh
echo "$@" >>deployments
{fails}
while [ "$1" != -- ]; do shift; done
shift
BASE_URL=http://target.test "$@"
"""
TEST = """\
import os

def test_it() -> None:
    assert os.environ["BASE_URL"] == {url!r}
    assert "PYTHONPATH" not in os.environ
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of the commands alone, with two suites that need a target."""
    skipped = shutil.ignore_patterns("__pycache__", ".mypy_cache", ".pytest_cache")
    control = Path("shared", "backing", "process_control")
    for folder in (Path(".ci"), control):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder, ignore=skipped)
    (tmp_path / "benchmarks").mkdir()
    for name in ("__init__.py", "ports.py", "projects.py", "repository.py"):
        shutil.copy(REPOSITORY / "benchmarks" / name, tmp_path / "benchmarks")
    (tmp_path / ".ci" / "projects.toml").write_text(f"{ROWS}\n[checks]\n")
    (tmp_path / "microservices" / "billing" / "tests").mkdir(parents=True)
    (tmp_path / ".venvs" / "bench-dev" / "bin").mkdir(parents=True)
    (tmp_path / ".venvs" / "billing-dev").symlink_to(VENVS / "lint", target_is_directory=True)
    return tmp_path


def run(
    checkout: Path, *, url: str = "http://target.test", fails: str = ""
) -> "subprocess.CompletedProcess[str]":
    """Run both suites, of which the first expects the URL; return what was printed."""
    tests = checkout / "microservices" / "billing" / "tests"
    (tests / "test_one.py").write_text(TEST.format(url=url))
    (tests / "test_two.py").write_text(TEST.format(url="http://target.test"))
    deploy = checkout / ".venvs" / "bench-dev" / "bin" / "python"
    deploy.write_text(DEPLOY.format(fails=fails))
    deploy.chmod(0o755)
    code = (
        "import test, suites; test.OUT.mkdir(parents=True); "
        "found = test._run_all(suites.SUITES); "
        "print([it.name for it in found if it.green])"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        capture_output=True,
        text=True,
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout / ".ci")},
        timeout=120,
    )


def test_suites_share_one_target_and_each_has_its_outcome(checkout: Path) -> None:
    done = run(checkout)
    assert done.stdout.splitlines()[-1] == "['one-monolith', 'two-monolith']", done.stderr
    (deployment,) = (checkout / "deployments").read_text().splitlines()
    assert deployment.startswith("-m benchmarks run monolith --recognition celery -- ")


def test_a_failed_suite_leaves_the_others_on_its_target_as_they_are(checkout: Path) -> None:
    done = run(checkout, url="http://elsewhere.test")
    assert done.stdout.splitlines()[-1] == "['two-monolith']", done.stderr
    assert "elsewhere.test" in done.stdout
    assert done.stdout.count(" s  1 passed") == 1


def test_suites_whose_target_can_t_be_deployed_have_failed(checkout: Path) -> None:
    done = run(checkout, fails="echo no port is free; exit 1")
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
    assert done.stdout.count("no port is free") == 2
    assert done.stdout.count("1 failed") == 2


def test_a_target_that_can_t_be_stopped_is_a_failure(checkout: Path) -> None:
    done = run(checkout, fails="trap 'echo it lives on; exit 1' EXIT")
    assert done.stdout.splitlines()[-1] == "['one-monolith']", done.stderr
    assert done.stdout.count("it lives on") == 1
