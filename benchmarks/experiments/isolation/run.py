"""A run: every suite as it is, then every fault on both sides, several suites at once.

On each side the suites that a fault can reach are asked, all of them and to their end: what else
goes red is a figure too. The slow tests are asked only where no fast one is red, and the whole flow
only where no test is: on both sides alike. What is on disk isn't asked again.
"""

import json
import os
import shutil
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from benchmarks.experiments.changes.committing import commit
from benchmarks.experiments.changes.editing import EditError
from benchmarks.experiments.changes.faulting import IMAGING, NULL, Fault
from benchmarks.experiments.engine.progress import clock
from benchmarks.experiments.isolation.alone_timing import time_alone
from benchmarks.experiments.isolation.owning import files_of, owners_of
from benchmarks.experiments.isolation.packages import note_packages
from benchmarks.experiments.isolation.planning import Plan, in_turn
from benchmarks.experiments.isolation.records import ASKED, BASE, Key, Record
from benchmarks.experiments.isolation.suites import Suite, Tier, end_to_end
from benchmarks.experiments.isolation.workshop import Workshop
from benchmarks.targets.errors import TargetError

# Suites wait for servers and time limits now and then; one more than there are cores fills that.
AT_ONCE = len(os.sched_getaffinity(0)) + 1
Say = Callable[[str], None]


def run(plan: Plan, shop: Workshop, say: Say, *, at_once: int = AT_ONCE) -> list[str]:
    """Run what the results folder doesn't have; returns what went wrong, in sentences.

    Raises KeyboardInterrupt once nothing runs any more, and FolderError.
    """
    commits, problems = _committed(plan.faults, shop)
    note_packages(shop.results)
    pool = ThreadPoolExecutor(at_once)
    try:
        _all(pool, _base_jobs(shop, plan.tiers), say, "as it is")
        if plan.profile == "full":
            for suite in shop.suites:
                said, problem = time_alone(suite, shop)
                say(said)
                problems += [problem] if problem else []
        jobs = [
            (f"{fault.name}, {side}", _fault_job(fault, side, commits[fault.name][side], shop))
            for fault, side in in_turn(plan, apart=2 * at_once)
            if fault.name in commits
        ]
        problems += _all(pool, jobs, say, "")
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        shop.runner.stop()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        shutil.rmtree(shop.work, ignore_errors=True)
    return problems


def _committed(
    faults: Sequence[Fault], shop: Workshop
) -> tuple[dict[str, dict[str, str]], list[str]]:
    """A commit of each fault on each side; those that no longer fit the code are told of."""
    made: dict[str, dict[str, str]] = {}
    problems = []
    for fault in faults:
        try:
            made[fault.name] = {
                side: commit(
                    edits, fault.change.says, on=shop.base, repository=shop.repository
                )
                for side, edits in fault.change.edits.items()
            }  # fmt: skip
        except (EditError, TargetError) as error:
            problems.append(f"The fault {fault.name} no longer applies: {error}")
    return made, problems


Job = Callable[[], str]


def _all(pool: ThreadPoolExecutor, jobs: list[tuple[str, Job]], say: Say, what: str) -> list[str]:
    """Do all jobs; each one's outcome is a line. Returns what went wrong."""
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
        say(f"[{done} of {len(jobs)}, {clock(left)} left] {name}{what and f' {what}'}: {outcome}")
    return problems


def _base_jobs(shop: Workshop, tiers: Sequence[Tier]) -> list[tuple[str, Job]]:
    """Each suite with nothing planted: what is green, how long it takes, what touches what."""
    return [
        (f"{suite.name} ({tier})", _base_job(suite, tier, shop))
        for tier in tiers
        for suite in shop.suites
        if tier in suite.tiers
    ]


def _base_job(suite: Suite, tier: Tier, shop: Workshop) -> Job:
    def job() -> str:
        record = shop.record(BASE, suite, shop.base, tier)
        return told([record])

    return job


def _fault_job(fault: Fault, architecture: str, made: str, shop: Workshop) -> Job:
    def job() -> str:
        asked = ask(fault, architecture, made, shop)
        return told([record for _, record in asked])

    return job


def ask(fault: Fault, architecture: str, made: str, shop: Workshop) -> list[tuple[Suite, Record]]:
    """Ask the suites of one side about one fault, tier by tier, and note which were asked."""
    edits = fault.change.edits[architecture]
    owners = owners_of(fault.part, edits)
    reached = [suite for suite in shop.suites_of(architecture) if shop.is_reached(suite, made)]
    # The broken part's own first, then the owners': the verdict is theirs.
    reached.sort(key=lambda suite: (suite.name != fault.part, suite.name not in owners))
    asked: list[tuple[Suite, Record]] = []
    keys: list[Key] = []
    for tier in Tier:
        # A change that is no fault has nothing red, and needn't be deployed to show it.
        if tier is not Tier.FAST and (fault.kind == NULL or _is_red(asked)):
            break
        for suite in [end_to_end(architecture)] if tier is Tier.END_TO_END else reached:
            # No wheel is built of a source whose own tests are red, so nobody else gets it.
            if shop.gets_wheel(suite, made) and _is_red(
                [(it, record) for it, record in asked if it.name == IMAGING]
            ):
                continue
            if tier in suite.tiers:
                record = shop.record(fault.name, suite, made, tier)
                asked.append((suite, record))
                keys.append(record.key)
    _note(shop.results, fault, architecture, keys, {
        "commit": made, "owners": owners, "files": files_of(edits),
    })  # fmt: skip
    return asked


def _is_red(asked: Sequence[tuple[Suite, Record]]) -> bool:
    return any(record.problem or any(test.is_red for test in record.tests) for _, record in asked)


def _note(
    results: Path, fault: Fault, architecture: str, keys: list[Key], more: dict[str, Any]
) -> None:
    """Write what was asked about a fault on one side, when all of it has answered."""
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


def told(records: Sequence[Record]) -> str:
    """What suites said, in one line."""
    parts = []
    for it in records:
        red = sum(test.is_red for test in it.tests)
        said = it.problem or (f"{red} red of {len(it.tests)}" if red else f"{len(it.tests)} green")
        parts.append(f"{it.key.suite} {said} in {it.seconds:.0f} s")
    return ", ".join(parts) or "no suite is reached"
