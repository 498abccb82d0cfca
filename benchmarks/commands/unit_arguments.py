"""What the commands that release units share: the arguments, their checks, their output."""

import argparse
from types import MappingProxyType

from backing import BackingError
from benchmarks.command_line import FAILED
from benchmarks.repository import REPOSITORY
from benchmarks.targets.architectures import ARCHITECTURES, Architecture, unit_names
from benchmarks.targets.errors import ReleaseError
from benchmarks.targets.git import resolve
from benchmarks.targets.releases.artifacts import recipe, refuse_uncommitted

RUN = REPOSITORY / ".run"
ERRORS = MappingProxyType({BackingError: FAILED})
INTERRUPTED = "Interrupted; `make releases` lists what serves."


def add_unit(parser: argparse.ArgumentParser) -> None:
    """Add the argument UNIT; the units are checked when the command runs."""
    parser.add_argument("unit", metavar="UNIT", help="what is released on its own")


def add_unit_and_ref(parser: argparse.ArgumentParser) -> None:
    """Add the arguments UNIT and REF."""
    add_unit(parser)
    parser.add_argument("ref", metavar="REF", help="a commit, a branch or a tag")


def architecture_of(unit: str) -> Architecture:
    """Return the architecture that a unit belongs to. Raises ReleaseError for an unknown unit."""
    known = {name: it for it in ARCHITECTURES.values() for name in unit_names(it)}
    if unit not in known:
        message = f"There is no unit {unit or '(none given)'}: use one of {', '.join(known)}."
        raise ReleaseError(message)
    return known[unit]


def commit_of(architecture: Architecture, unit: str, ref: str) -> str:
    """Return the commit of a ref. Raises ReleaseError where the unit has uncommitted changes."""
    commit = resolve(ref)
    if commit == resolve("HEAD"):
        refuse_uncommitted(recipe(architecture, unit))
    return commit


def report(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)
