"""The suites that a fault reaches on one side: run tier by tier, and listed in a raw file.

All suites that a fault can reach are run, to their end: what else fails is a figure too. The slow
tests are run only where no fast one fails, and the whole flow only where no test does: on both
sides alike.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.experiments.catalogue.components import IMAGING
from benchmarks.experiments.catalogue.faults import NULL, Fault
from benchmarks.experiments.isolation.ownership import files_of, owners_of
from benchmarks.experiments.isolation.records import SUITES_RUN, Key, Record
from benchmarks.experiments.isolation.suite_runner import SuiteRunner
from benchmarks.experiments.isolation.suites import Suite, Tier, end_to_end
from benchmarks.experiments.runner.earlier_names import earlier_name


def run_suites(
    fault: Fault, architecture: str, made: str, suite_runner: SuiteRunner
) -> list[tuple[Suite, Record]]:
    """Run the suites of one side on one fault, tier by tier, and record which were run.

    `made` is the commit with the fault. Raises as `SuiteRunner.record` does.
    """
    edits = fault.change.edits[architecture]
    owners = owners_of(fault.component, edits)
    reached = [
        suite
        for suite in suite_runner.suites_of(architecture)
        if suite_runner.revisions.is_reached(suite, made)
    ]
    # The broken component's own suite first, then the owners': the verdict is theirs.
    reached.sort(key=lambda suite: (suite.name != fault.component, suite.name not in owners))
    ran: list[tuple[Suite, Record]] = []
    keys: list[Key] = []
    for tier in Tier:
        # A change that is no fault has nothing red, and needn't be deployed to show it.
        if tier is not Tier.FAST and (fault.kind == NULL or _is_red(ran)):
            break
        for suite in [end_to_end(architecture)] if tier is Tier.END_TO_END else reached:
            # No wheel is built of a source whose own tests are red, so no other suite gets it.
            by_wheel = suite_runner.revisions.is_reached_by_wheel_alone(suite, made)
            if by_wheel and _is_red([run for run in ran if run[0].name == IMAGING]):
                continue
            if tier in suite.tiers:
                record = suite_runner.record(fault.name, suite, made, tier)
                ran.append((suite, record))
                keys.append(record.key)
    _write_side(suite_runner.results, fault, architecture, keys, {
        "commit": made, "owners": owners, "files": files_of(edits),
    })  # fmt: skip
    return ran


def _is_red(ran: Sequence[tuple[Suite, Record]]) -> bool:
    return any(record.problem or any(test.is_red for test in record.tests) for _, record in ran)


def _write_side(
    results: Path, fault: Fault, architecture: str, keys: list[Key], more: dict[str, Any]
) -> None:
    """Write which suites were run on a fault on one side, when all of them have ended."""
    document = {
        "fault": fault.name,
        "component": fault.component,
        "kind": fault.kind,
        "description": fault.change.title,
        "simulates": fault.simulates,
        "architecture": architecture,
        **more,
        "suites": [
            {"suite": key.suite, "identity": key.identity, "tier": key.tier} for key in keys
        ],
    }
    path = results / "raw" / fault.name / f"{architecture}-{SUITES_RUN}"
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
    earlier = f"{architecture}-{earlier_name(SUITES_RUN, 'isolation file')}"
    path.with_name(earlier).unlink(missing_ok=True)  # of a run that is resumed


def outcome_line(records: Sequence[Record]) -> str:
    """Return the outcomes of suites in one line."""
    return ", ".join(map(_outcome, records)) or "no suite is reached"


def _outcome(record: Record) -> str:
    total, red = len(record.tests), sum(test.is_red for test in record.tests)
    outcome = record.problem or (f"{red} red of {total}" if red else f"{total} green")
    return f"{record.key.suite} {outcome} in {record.seconds:.0f} s"
