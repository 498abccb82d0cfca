"""Check a commit of a unit against the running versions of the other units."""

import argparse

from benchmarks.command_line import FAILED, end_with_parent
from benchmarks.commands.unit_arguments import (
    ERRORS,
    INTERRUPTED,
    RUN,
    add_unit_and_ref,
    architecture_of,
    commit_of,
    report,
)
from benchmarks.targets.gate.verdict import can_deploy
from benchmarks.targets.releases.running_target import running

__all__ = ["ERRORS", "INTERRUPTED", "configure", "obstacles", "run"]

configure = add_unit_and_ref


def run(options: argparse.Namespace) -> int:
    """Return 0 where the commit may be released, and 1 where a contract forbids it."""
    end_with_parent()
    return FAILED if obstacles(options.unit, options.ref) else 0


def obstacles(unit: str, ref: str) -> list[str]:
    """Return why a commit of a unit can't be released beside what runs; empty if it can.

    Each line that is printed is one pact or description with which it was compared.
    """
    architecture = architecture_of(unit)
    commit = commit_of(architecture, unit, ref)
    others = running(architecture, RUN / architecture.name)
    report(f"Can {unit} {ref} ({commit[:8]}) be released beside what runs?")
    against: list[str] = []
    for check in can_deploy(architecture, unit, commit, others):
        report(f"  {check.what:60} {'yes' if check.passed else 'NO'}")
        for reason in check.reasons:
            report(f"      {reason}")
            against.append(f"{check.what}: {reason}")
    report("Yes." if not against else "No.")
    return against
