"""Release a commit of a unit on the target that `up` left running."""

import argparse
from dataclasses import replace

from benchmarks.command_line import end_with_parent
from benchmarks.commands.can_deploy import obstacles
from benchmarks.commands.unit_arguments import (
    ERRORS,
    INTERRUPTED,
    RUN,
    add_unit_and_ref,
    architecture_of,
    commit_of,
    report,
)
from benchmarks.targets.errors import ReleaseError, TargetError
from benchmarks.targets.local.edge import url
from benchmarks.targets.local.placement import Placement
from benchmarks.targets.releases.artifacts import build, recipe
from benchmarks.targets.releases.canary import Canary
from benchmarks.targets.releases.rollout import one_release
from benchmarks.targets.releases.running_target import attach

__all__ = ["ERRORS", "INTERRUPTED", "configure", "run"]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add UNIT, REF, and the word that overrides the gate."""
    add_unit_and_ref(parser)
    parser.add_argument(
        "anyway",
        nargs="?",
        choices=("anyway",),
        help="release it even if the gate forbids it, and record the reasons",
    )


def run(options: argparse.Namespace) -> int:
    """Build the commit and bring it into service, if the gate allows it or `anyway` is given."""
    end_with_parent()
    unit, ref = options.unit, options.ref
    architecture = architecture_of(unit)
    run_dir = RUN / architecture.name
    with one_release(run_dir, unit):
        releaser = attach(architecture, run_dir)
        commit = commit_of(architecture, unit, ref)
        against = _obstacles(unit, ref, anyway=bool(options.anyway))
        report(f"{unit}: {ref} is {commit[:8]}")
        artifact = build(recipe(architecture, unit), commit)
        report(f"  {'artifact':28} {artifact.seconds:6.1f} s")
        installed = replace(artifact.installed, despite=tuple(against))
        with Canary(url(Placement(run_dir).read())) as canary:
            releaser.roll_out(unit, installed, canary=canary, report=report)
    report(f"{unit} {artifact.version} serves.")
    return 0


def _obstacles(unit: str, ref: str, *, anyway: bool) -> list[str]:
    """Return what the gate objects to. Raises ReleaseError for an objection without `anyway`."""
    try:
        against = obstacles(unit, ref)
    except TargetError as error:
        if not anyway:
            raise
        against = [f"the gate could not check it: {error}"]
    if against and not anyway:
        message = f"{unit} {ref} was not released: ANYWAY=1 releases it in spite of that."
        raise ReleaseError(message)
    return against
