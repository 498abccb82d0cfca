"""List the processes of what is up."""

import argparse

from backing.state import read_state
from benchmarks.commands.architecture_arguments import (
    ERRORS,
    INTERRUPTED,
    RUN,
    add_architectures,
    chosen,
    with_disk_errors,
)

__all__ = ["ERRORS", "INTERRUPTED", "configure", "run"]

configure = add_architectures


def run(options: argparse.Namespace) -> int:
    """Print each process with its pid and whether it runs."""
    return with_disk_errors(lambda: _run(chosen(options)))


def _run(architectures: list[str]) -> int:
    for name in architectures:
        state = read_state(RUN / name)
        if state is None or not state.alive:
            print(f"{name}: not up.")
            continue
        print(f"{name}, {state.facts.get('base_url', 'not ready')}:")
        for recorded in state.processes:
            condition = "running" if recorded.alive else "ended"
            print(f"  {recorded.name:24} {recorded.pid:>8}  {condition}")
    return 0
