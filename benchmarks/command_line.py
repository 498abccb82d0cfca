"""The command line of this package: `python -m benchmarks COMMAND …`, one module per command.

A command's module has `configure`, which adds its arguments to a parser, and `run`, which does the
work and returns the exit status. `ERRORS` maps the errors that end it with one sentence to the
status; `INTERRUPTED` is what Ctrl-C prints. Only the module of the chosen command is imported, so
that `make status` needs no NumPy.
"""

import argparse
import importlib
import signal
import sys
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Protocol, cast

from process_control.parent_death import die_with_parent

FAILED, MISUSED, INTERRUPTED = 1, 2, 130
COMMANDS = {
    "up": "deploy architectures on the fixed ports and leave them running",
    "down": "stop what `up` left running",
    "logs": "follow the logs of what is up, until Ctrl-C",
    "status": "list the processes of what is up",
    "run": "deploy on a free port for the length of one command",
    "compare": "measure both architectures and report",
    "report": "render the report of an earlier run again, or set two runs side by side",
    "pack": "pack the raw files of a finished run into one file",
    "selfcheck": "test the harness with effects of known size",
    "can-deploy": "check a commit of a unit against the running versions of the others",
    "release": "release a commit of a unit on what `up` left running",
    "rollback": "release the version of a unit that served before",
    "releases": "list the version of each unit that serves",
    "soak": "load fresh deployments and report what grows",
    "rehearse": "release, undo, kill, restart, scale and load an architecture in containers",
    "reliability": "run the rows of the reliability tables",
    "code-size": "count what each architecture consists of",
    "growth": "measure what requests cost by the number of stored submissions",
    "profile": "measure where the CPU time of each kind of request goes",
    "trace": "draw one submission of each architecture in time",
    "count-operations": "count the requests to the stores that one submission causes",
    "cost": "price a run on AWS, by submissions a day",
    "plan": "plan what a load needs, by a simulation that was validated",
    "size-load": "measure what one core of the load generator carries",
    "recognizer": "measure what an image costs by size, threads and pool, and beside thumbor",
    "collect": "join the records of `reliability` into one document",
}


class Command(Protocol):
    """What the module of a command holds."""

    ERRORS: Mapping[type[Exception], int]
    INTERRUPTED: str

    def configure(self, parser: argparse.ArgumentParser) -> None:
        """Add the command's arguments."""

    def run(self, options: argparse.Namespace) -> int:
        """Do the work; return the exit status."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, 1 (failed), 2 (misused) or 130 (Ctrl-C)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    split = given.index("--") if "--" in given else len(given)
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Deploy both architectures, load them, compare them, release their units.",
        epilog="Each command has a --help of its own. The Makefile calls these commands.",
    )
    parsers = parser.add_subparsers(
        dest="name", required=True, metavar="COMMAND", title="commands", prog=parser.prog
    )
    command: Command | None = None
    for name, summary in COMMANDS.items():
        own = parsers.add_parser(name, help=summary, description=f"{sentence(summary)}.")
        if given[:1] == [name]:
            command = _module(name)
            command.configure(own)
    options = parser.parse_args(given[:split])
    options.command = given[split + 1 :]
    if split < len(given) and options.name != "run":
        parser.error(f"nothing may follow -- in {options.name}")
    assert command is not None  # noqa: S101 - the parser accepts no other name
    return _guarded(command, options)


def sentence(summary: str) -> str:
    """Return a summary with a capital letter at its beginning."""
    return summary[:1].upper() + summary[1:]


def _module(name: str) -> Command:
    # A module has the names of Command; a test looks at each one.
    return cast("Command", importlib.import_module(f"benchmarks.commands.{name.replace('-', '_')}"))


def _guarded(command: Command, options: argparse.Namespace) -> int:
    try:
        status = command.run(options)
        sys.stdout.flush()
    except tuple(command.ERRORS) as error:
        print(error, file=sys.stderr)
        return next(it for known, it in command.ERRORS.items() if isinstance(error, known))
    except KeyboardInterrupt:
        print(f"\n{command.INTERRUPTED}", file=sys.stderr)
        return INTERRUPTED
    return status


def end_with_parent() -> None:
    """Have this process interrupted, as by Ctrl-C, when its parent ends or SIGTERM comes."""
    die_with_parent()
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
