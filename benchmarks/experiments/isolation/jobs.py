"""A run: every suite as it is, then every fault on both sides, several suites at once.

On each side the suites that a fault can reach are run, all of them and to their end: what else
fails is a figure too. The slow tests are run only where no fast one fails, and the whole flow only
where no test does: on both sides alike. What is on disk isn't run again.
"""

import json
import os
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from benchmarks.experiments.catalogue.components import IMAGING
from benchmarks.experiments.catalogue.edits import EditError
from benchmarks.experiments.catalogue.faults import NULL, Fault
from benchmarks.experiments.catalogue.index import commit
from benchmarks.experiments.isolation.ownership import files_of, owners_of
from benchmarks.experiments.isolation.packages import note_packages
from benchmarks.experiments.isolation.records import ASKED, BASE, Key, Record
from benchmarks.experiments.isolation.suite_runner import SuiteRunner
from benchmarks.experiments.isolation.suite_timings import time_alone
from benchmarks.experiments.isolation.suites import Suite, Tier, end_to_end
from benchmarks.experiments.isolation.sweeps import Plan, in_turn
from benchmarks.experiments.runner.progress import clock
from benchmarks.targets.errors import TargetError

# Suites wait for servers and time limits now and then; one more than there are cores fills that.
AT_ONCE = len(os.sched_getaffinity(0)) + 1
Report = Callable[[str], None]


def run(
    plan: Plan, suite_runner: SuiteRunner, report: Report, *, at_once: int = AT_ONCE
) -> list[str]:
    """Run what the results folder doesn't have; return the problems, each one a sentence.

    Raises KeyboardInterrupt once nothing runs any more, and FolderError.
    """
    commits, problems = _committed(plan.faults, suite_runner)
    note_packages(suite_runner.results)
    pool = ThreadPoolExecutor(at_once)
    try:
        _all(pool, _base_jobs(suite_runner, plan.tiers), report, "as it is")
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
                    fault.change.says,
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


def _base_jobs(suite_runner: SuiteRunner, tiers: Sequence[Tier]) -> list[tuple[str, Job]]:
    """Each suite with nothing planted: what is green, how long it takes, what touches what."""
    return [
        (f"{suite.name} ({tier})", _base_job(suite, tier, suite_runner))
        for tier in tiers
        for suite in suite_runner.suites
        if tier in suite.tiers
    ]


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


def run_suites(
    fault: Fault, architecture: str, made: str, suite_runner: SuiteRunner
) -> list[tuple[Suite, Record]]:
    """Run the suites of one side on one fault, tier by tier, and record which were run."""
    edits = fault.change.edits[architecture]
    owners = owners_of(fault.part, edits)
    reached = [
        suite
        for suite in suite_runner.suites_of(architecture)
        if suite_runner.is_reached(suite, made)
    ]
    # The broken part's own first, then the owners': the verdict is theirs.
    reached.sort(key=lambda suite: (suite.name != fault.part, suite.name not in owners))
    ran: list[tuple[Suite, Record]] = []
    keys: list[Key] = []
    for tier in Tier:
        # A change that is no fault has nothing red, and needn't be deployed to show it.
        if tier is not Tier.FAST and (fault.kind == NULL or _is_red(ran)):
            break
        for suite in [end_to_end(architecture)] if tier is Tier.END_TO_END else reached:
            # No wheel is built of a source whose own tests are red, so no other suite gets it.
            if suite_runner.gets_wheel(suite, made) and _is_red(
                [(it, record) for it, record in ran if it.name == IMAGING]
            ):
                continue
            if tier in suite.tiers:
                record = suite_runner.record(fault.name, suite, made, tier)
                ran.append((suite, record))
                keys.append(record.key)
    _note(suite_runner.results, fault, architecture, keys, {
        "commit": made, "owners": owners, "files": files_of(edits),
    })  # fmt: skip
    return ran


def _is_red(ran: Sequence[tuple[Suite, Record]]) -> bool:
    return any(record.problem or any(test.is_red for test in record.tests) for _, record in ran)


def _note(
    results: Path, fault: Fault, architecture: str, keys: list[Key], more: dict[str, Any]
) -> None:
    """Write which suites were run on a fault on one side, when all of them have ended."""
    document = {
        "fault": fault.name,
        "part": fault.part,
        "kind": fault.kind,
        "says": fault.change.says,
        "simulates": fault.simulates,
        "architecture": architecture,
        **more,
        "asked": [{"suite": it.suite, "identity": it.identity, "tier": it.tier} for it in keys],
    }
    path = results / "raw" / fault.name / f"{architecture}-{ASKED}"
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)


def outcome_line(records: Sequence[Record]) -> str:
    """Return the outcomes of suites in one line."""
    parts = []
    for it in records:
        red = sum(test.is_red for test in it.tests)
        said = it.problem or (f"{red} red of {len(it.tests)}" if red else f"{len(it.tests)} green")
        parts.append(f"{it.key.suite} {said} in {it.seconds:.0f} s")
    return ", ".join(parts) or "no suite is reached"
