"""What the commands behind make share with the repository's packages, put on the import path.

All of it uses the standard library alone, so that it runs before any environment is made.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # benchmarks adds shared/backing

from benchmarks import ports
from benchmarks.projects import (
    ARCHITECTURES,
    DEV,
    LOAD,
    MAIN,
    OBSERVE,
    PROJECTS,
    Project,
    SuiteRow,
    Table,
)
from benchmarks.repository import REPOSITORY, VENVS

from process_control import parent_death
from process_control.command_runner import CommandRunner, Ending, StoppedError

__all__ = [
    "ARCHITECTURES",
    "DEV",
    "LOAD",
    "MAIN",
    "OBSERVE",
    "PROJECTS",
    "REPOSITORY",
    "VENVS",
    "CommandRunner",
    "Ending",
    "Project",
    "StoppedError",
    "SuiteRow",
    "Table",
    "parent_death",
    "ports",
]
