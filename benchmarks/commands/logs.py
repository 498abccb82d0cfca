"""Follow the logs of what is up."""

import argparse
import os
from pathlib import Path

from backing.state import RunState, read_state
from benchmarks.command_line import FAILED
from benchmarks.commands.architecture_arguments import (
    ERRORS,
    INTERRUPTED,
    RUN,
    add_architectures,
    chosen,
)

__all__ = ["ERRORS", "INTERRUPTED", "configure", "run"]

configure = add_architectures


def run(options: argparse.Namespace) -> int:  # noqa: RET503 - the program is replaced
    """Show the ends of all logs and follow them until Ctrl-C; return 1 where nothing is up."""
    states = [read_state(RUN / name) for name in chosen(options)]
    files = [str(path) for state in states if state is not None for path in _log_files(state)]
    if not files:
        print("Nothing is up.")
        return FAILED
    os.execvp("tail", ["tail", "-n", "10", "-F", *files])  # noqa: S606


def _log_files(state: RunState) -> list[Path]:
    return sorted(recorded.log for recorded in state.processes)
