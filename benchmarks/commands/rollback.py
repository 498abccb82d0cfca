"""Release the version of a unit that served before."""

import argparse

from benchmarks.command_line import end_with_parent
from benchmarks.commands.unit_arguments import (
    ERRORS,
    INTERRUPTED,
    RUN,
    add_unit,
    architecture_of,
    report,
)
from benchmarks.targets.architectures import Architecture
from benchmarks.targets.errors import ReleaseError
from benchmarks.targets.local.placement import Installed, Placement
from benchmarks.targets.releases.artifacts import build, recipe
from benchmarks.targets.releases.rollout import one_release
from benchmarks.targets.releases.running_target import attach

__all__ = ["ERRORS", "INTERRUPTED", "configure", "run"]

configure = add_unit


def run(options: argparse.Namespace) -> int:
    """Bring what served before into service again. Raises ReleaseError where nothing did."""
    end_with_parent()
    unit = options.unit
    architecture = architecture_of(unit)
    run_dir = RUN / architecture.name
    with one_release(run_dir, unit):
        releaser = attach(architecture, run_dir)
        earlier = Placement(run_dir).read().earlier.get(unit, [])
        if not earlier:
            message = f"No version of {unit} served before this one: release another commit."
            raise ReleaseError(message)
        before = _from_artifact(architecture, unit, earlier[-1])
        report(f"{unit}: back to {before.version}")
        releaser.roll_out(unit, before, back=True, report=report)
    report(f"{unit} {before.version} serves.")
    return 0


def _from_artifact(architecture: Architecture, unit: str, before: Installed) -> Installed:
    """Return what served before as an artifact: the working tree may have changed meanwhile."""
    if before.is_release:
        return before
    if not before.commit:
        message = (
            f"What served of {unit} before was a working tree with changes, which nothing keeps: "
            "release a commit instead (make release UNIT=… REF=…)."
        )
        raise ReleaseError(message)
    return build(recipe(architecture, unit), before.commit).installed
