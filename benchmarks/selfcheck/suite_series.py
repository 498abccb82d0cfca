"""The monolith's suites on the same faults three times: twice alike, and once with a slow start.

Each of the three series has a results folder in the form of the isolation experiment, so that a
check that was stopped goes on where it was.
"""

import random
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from functools import partial
from pathlib import Path

from rich.console import Console

from benchmarks.experiments.catalogue.faults import FAULTS
from benchmarks.experiments.catalogue.index import commit
from benchmarks.experiments.isolation.commands import Ended, Runner
from benchmarks.experiments.isolation.fault_suites import run_suites
from benchmarks.experiments.isolation.jobs import AT_ONCE
from benchmarks.experiments.isolation.records import BASE
from benchmarks.experiments.isolation.suite_runner import SuiteRunner
from benchmarks.experiments.isolation.suites import SUITES, Tier
from benchmarks.experiments.isolation.summary.sides import Side, load
from benchmarks.experiments.isolation.sweeps import some_of_each_component
from benchmarks.experiments.runner.arms import MONOLITH
from benchmarks.selfcheck.series import AGAIN, PLAIN, SLOWER
from benchmarks.targets.git import resolve

FAULT_COUNT = 20
SLOW_START_SECONDS = 5.0
SERIES = (PLAIN, AGAIN, SLOWER)
Sides = Mapping[str, Mapping[str, Side]]  # by series, then by the fault's name


class SlowRunner(Runner):
    """Runs each command after a sleep, which counts as the command's own time."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def run(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        scratch: Path,
        environment: Mapping[str, str],
        limit_seconds: float,
    ) -> Ended:
        """Run the command as `Runner` does, later."""
        return super().run(
            ["/bin/sh", "-c", f'sleep {self._seconds:g}; exec "$@"', "sh", *command],
            folder=folder,
            scratch=scratch,
            environment=environment,
            limit_seconds=limit_seconds + self._seconds,
        )


def measure(path: Path, console: Console, *, seed: int) -> Sides:
    """Run what `path` doesn't hold yet; return the faults that all three series have.

    Raises TargetError for a fault that no longer applies, and KeyboardInterrupt once nothing runs
    any more.
    """
    # Servers have sockets below it, and a socket's path may only be short.
    work = Path(tempfile.mkdtemp(prefix="flow-sc-"))
    work.chmod(0o755)  # PostgreSQL runs as the user `nobody`
    runners = {name: _suite_runner(name, path / name, work / name) for name in SERIES}
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        _run_all(pool, _base_jobs(runners), console)
        _run_all(pool, _fault_jobs(runners, random.Random(seed)), console)
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for suite_runner in runners.values():
            suite_runner.runner.stop()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        shutil.rmtree(work, ignore_errors=True)
    found = {name: {side.name: side for side in load(path / name)} for name in SERIES}
    everywhere = set.intersection(*(set(sides) for sides in found.values()))
    return {
        name: {fault: sides[fault] for fault in sorted(everywhere)} for name, sides in found.items()
    }


def _suite_runner(name: str, results: Path, work: Path) -> SuiteRunner:
    (results / "raw").mkdir(parents=True, exist_ok=True)
    suites = tuple(suite for suite in SUITES if MONOLITH in suite.architectures)
    runner = SlowRunner(SLOW_START_SECONDS) if name == SLOWER else Runner()
    return SuiteRunner(results, work, resolve("HEAD"), runner, suites=suites)


Jobs = list[tuple[str, Callable[[], object]]]


def _base_jobs(runners: Mapping[str, SuiteRunner]) -> Jobs:
    return [
        (
            f"{suite.name} as it is, {name}",
            partial(suite_runner.record, BASE, suite, suite_runner.base, Tier.FAST),
        )
        for name, suite_runner in runners.items()
        for suite in suite_runner.suites
    ]


def _fault_jobs(runners: Mapping[str, SuiteRunner], dice: random.Random) -> Jobs:
    """Plan the three runs of each fault one after the other, in random order."""
    jobs: Jobs = []
    for fault in some_of_each_component(FAULTS, FAULT_COUNT, dice):
        made = commit(fault.change.edits[MONOLITH], fault.change.title, on=resolve("HEAD"))
        jobs += [
            (f"{fault.name}, {name}", partial(run_suites, fault, MONOLITH, made, runners[name]))
            for name in dice.sample(SERIES, k=len(SERIES))
        ]
    return jobs


def _run_all(pool: ThreadPoolExecutor, jobs: Jobs, console: Console) -> None:
    futures: dict[Future[object], str] = {pool.submit(job): name for name, job in jobs}
    for done, future in enumerate(as_completed(futures), 1):
        future.result()
        console.print(f"[{done} of {len(jobs)}] {futures[future]}", markup=False, highlight=False)
