"""List the version of each unit that serves, and since when."""

import argparse

from backing.state import read_state
from benchmarks.command_line import end_with_parent
from benchmarks.commands.unit_arguments import ERRORS, INTERRUPTED, RUN, report
from benchmarks.targets.architectures import ARCHITECTURES
from benchmarks.targets.local.placement import Placement

__all__ = ["ERRORS", "INTERRUPTED", "configure", "run"]


def configure(parser: argparse.ArgumentParser) -> None:
    """Add nothing: the command has no arguments."""


def run(_options: argparse.Namespace) -> int:
    """Print one line per unit of what is up, with the version before it."""
    end_with_parent()
    found = False
    for architecture in ARCHITECTURES.values():
        run_dir = RUN / architecture.name
        state = read_state(run_dir)
        if state is None or not state.alive:
            continue
        found = True
        placed = Placement(run_dir).read()
        report(f"{architecture.name}, {state.facts.get('base_url', 'not ready')}:")
        for unit, installed in placed.installed.items():
            version = installed.version
            if not installed.is_release:
                version += f" ({installed.commit[:8] or 'with changes'})"
            back = placed.earlier.get(unit, [])
            kept = f"before it {back[-1].version}" if back else "nothing before it"
            report(f"  {unit:12} {version:28} since {installed.since}, {kept}")
            for reason in installed.despite:
                report(f"  {'':12} released in spite of: {reason}")
    if not found:
        report("Nothing is up: `make up` starts it.")
    return 0
