"""Test the harness with effects of known size."""

import argparse
from pathlib import Path

from rich.console import Console

from backing import BackingError
from benchmarks.command_line import FAILED, MISUSED, end_with_parent
from benchmarks.commands.measured_run import RESULTS, alone
from benchmarks.experiments.runner.errors import HarnessError, UsageError
from benchmarks.ports import PortError
from benchmarks.selfcheck import check

ERRORS: dict[type[Exception], int] = {
    UsageError: MISUSED,
    PortError: MISUSED,
    HarnessError: FAILED,
    BackingError: FAILED,
}
INTERRUPTED = "Interrupted; nothing is left running."


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the size of the check, and the folder of one that was stopped."""
    parser.add_argument("--size", choices=("short", "whole"), default="whole")
    parser.add_argument("--resume", type=Path, help="go on with a check that was stopped")


def run(options: argparse.Namespace) -> int:
    """Run the checks; return 1 where one fails."""
    end_with_parent()
    with alone("selfcheck"):
        is_right = check.run(
            size=options.size, results=RESULTS, console=Console(), resume=options.resume
        )
        return 0 if is_right else FAILED
