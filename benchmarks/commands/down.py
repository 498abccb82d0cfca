"""Stop what `up` left running."""

import argparse

from backing.state import end_run, read_state
from benchmarks.commands.architecture_arguments import (
    ERRORS,
    INTERRUPTED,
    RUN,
    add_architectures,
    alone,
    chosen,
    with_disk_errors,
)
from benchmarks.targets.local.placement import Placement

__all__ = ["ERRORS", "INTERRUPTED", "configure", "run"]

configure = add_architectures


def run(options: argparse.Namespace) -> int:
    """End the processes of each architecture and print how many there were."""
    return with_disk_errors(lambda: _run(chosen(options)))


def _run(architectures: list[str]) -> int:
    for name in architectures:
        with alone(name):
            state = read_state(RUN / name)
            if state is None:
                print(f"{name}: not up.")
                continue
            ended = end_run(state)
            print(f"{name}: {ended} processes ended." if ended else f"{name}: not up.", flush=True)
            Placement(state.run_dir).remove()
    return 0
