"""The jobs of a run: every suite at the base, then every fault on both sides, several at once.

What is on disk isn't run again.
"""

import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed

from benchmarks.experiments.catalogue.edits import EditError
from benchmarks.experiments.catalogue.faults import Fault
from benchmarks.experiments.catalogue.index import commit
from benchmarks.experiments.isolation.fault_suites import outcome_line, run_suites
from benchmarks.experiments.isolation.packages import write_package_counts
from benchmarks.experiments.isolation.records import BASE, set_aside
from benchmarks.experiments.isolation.suite_runner import SuiteRunner
from benchmarks.experiments.isolation.suite_timings import time_alone
from benchmarks.experiments.isolation.suites import Suite, Tier
from benchmarks.experiments.isolation.sweeps import Plan, in_turn
from benchmarks.experiments.runner.errors import HarnessError
from benchmarks.experiments.runner.progress import clock
from benchmarks.targets.errors import TargetError

# Suites wait for servers and time limits: of the seconds of most, a third is CPU time. Three more
# than there are cores leave little of them idle.
AT_ONCE = len(os.sched_getaffinity(0)) + 3
Report = Callable[[str], None]


class SuiteNotGreenError(HarnessError):
    """Tests fail with nothing planted, so that no failure could be attributed to a fault."""


def run(
    plan: Plan, suite_runner: SuiteRunner, report: Report, *, at_once: int = AT_ONCE
) -> list[str]:
    """Run what the results folder doesn't have; return the problems, each one a sentence.

    Raises KeyboardInterrupt once nothing runs any more, and FolderError.
    """
    commits, problems = _committed(plan.faults, suite_runner)
    write_package_counts(suite_runner.results)
    pool = ThreadPoolExecutor(at_once)
    try:
        suites = _suites_for(plan, commits, suite_runner)
        problems += _all(pool, _base_jobs(suites, suite_runner, plan.tiers), report, "as it is")
        _need_green(suite_runner, plan.tiers)
        if plan.profile == "full":
            for suite in suite_runner.suites:
                line, problem = time_alone(suite, suite_runner)
                report(line)
                problems += [problem] if problem else []
        jobs = [
            (
                f"{fault.name}, {side}",
                _fault_job(fault, side, commits[fault.name][side], suite_runner),
            )
            for fault, side in in_turn(plan, apart=2 * at_once)
            if fault.name in commits
        ]
        problems += _all(pool, jobs, report, "")
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        suite_runner.runner.stop()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        shutil.rmtree(suite_runner.work, ignore_errors=True)
    return problems


def _committed(
    faults: Sequence[Fault], suite_runner: SuiteRunner
) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Commit each fault on each side; return the commits, and the faults that no longer apply."""
    made: dict[str, dict[str, str]] = {}
    problems = []
    for fault in faults:
        try:
            made[fault.name] = {
                side: commit(
                    edits,
                    fault.change.title,
                    on=suite_runner.base,
                    repository=suite_runner.repository,
                )
                for side, edits in fault.change.edits.items()
            }
        except (EditError, TargetError) as error:
            problems.append(f"The fault {fault.name} no longer applies: {error}")
    return made, problems


Job = Callable[[], str]


def _all(
    pool: ThreadPoolExecutor, jobs: list[tuple[str, Job]], report: Report, what: str
) -> list[str]:
    """Do all jobs; report each one's outcome in a line. Return the problems."""
    began = time.monotonic()
    futures: dict[Future[str], str] = {pool.submit(job): name for name, job in jobs}
    problems = []
    for done, future in enumerate(as_completed(futures), 1):
        name = futures[future]
        try:
            outcome = future.result()
        except TargetError as error:
            outcome = str(error)
            problems.append(f"{name}: {error}")
        left = (time.monotonic() - began) / done * (len(jobs) - done)
        report(
            f"[{done} of {len(jobs)}, {clock(left)} left] {name}{what and f' {what}'}: {outcome}"
        )
    return problems


def _suites_for(
    plan: Plan, commits: Mapping[str, Mapping[str, str]], suite_runner: SuiteRunner
) -> Sequence[Suite]:
    """Return the suites that a fault of the plan reaches; for a full run all of them."""
    if plan.profile == "full":
        return suite_runner.suites
    return suite_runner.reached(made for sides in commits.values() for made in sides.values())


def _base_jobs(
    suites: Sequence[Suite], suite_runner: SuiteRunner, tiers: Sequence[Tier]
) -> list[tuple[str, Job]]:
    """Each suite with nothing planted: what is green, how long it takes, what touches what."""
    return [
        (f"{suite.name} ({tier})", _base_job(suite, tier, suite_runner))
        for tier in tiers
        for suite in suites
        if tier in suite.tiers
    ]


def _need_green(suite_runner: SuiteRunner, tiers: Sequence[Tier]) -> None:
    """Raise SuiteNotGreenError if a suite fails with nothing planted: no fault could be judged.

    The records of these suites are set aside, so that a resumed run runs them again.
    """
    failed = []
    for tier in tiers:
        for suite in suite_runner.suites:
            record = suite_runner.base_record(suite, tier)
            if record is not None and (record.problem or any(it.is_red for it in record.tests)):
                failed.append(outcome_line([record]))
                set_aside(suite_runner.results, record.key)
    if failed:
        raise SuiteNotGreenError(
            f"With nothing planted, not all tests pass: {'; '.join(failed)}. No fault was planted. "
            "raw/base/*.failed has the output; try again where less else is running."
        )


def _base_job(suite: Suite, tier: Tier, suite_runner: SuiteRunner) -> Job:
    def job() -> str:
        record = suite_runner.record(BASE, suite, suite_runner.base, tier)
        return outcome_line([record])

    return job


def _fault_job(fault: Fault, architecture: str, made: str, suite_runner: SuiteRunner) -> Job:
    def job() -> str:
        ran = run_suites(fault, architecture, made, suite_runner)
        return outcome_line([record for _, record in ran])

    return job
