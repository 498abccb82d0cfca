"""`python -m benchmarks compare`, `report`, `pack` and `selfcheck`."""

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import fields
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console

from backing import PlatformError
from backing.lifetime import die_with_parent
from benchmarks.experiments.registry import NAMES, experiment_named
from benchmarks.experiments.results import derive, draw
from benchmarks.experiments.runner.errors import (
    FolderError,
    HarnessError,
    MachineError,
    UsageError,
)
from benchmarks.experiments.runner.experiment import PlannedRun, RunOptions
from benchmarks.experiments.runner.profiles import PROFILES
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.pack import pack
from benchmarks.ports import PortError
from benchmarks.report import comparison, rendering, schema
from benchmarks.targets.local.command_lock import only_one

REPOSITORY = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).with_name("results")
RUN_DIR = REPOSITORY / ".run" / "compare"
PLAIN: dict[str, Any] = {"highlight": False, "markup": False, "soft_wrap": True}
FAILED, MISUSED, INTERRUPTED = 1, 2, 130


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; the status is 0, 1 (failed), 2 (misused), 130 (Ctrl-C)."""
    options = _parser().parse_args(arguments)
    console = Console()
    try:
        return int(options.command(options, console))
    except (UsageError, PortError) as error:
        print(error, file=sys.stderr)
        return MISUSED
    except (HarnessError, schema.UnreadableResults) as error:
        print(error, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


def compare(options: argparse.Namespace, console: Console) -> int:
    """Run an experiment, or resume a run, and report."""
    resumed = ResultsFolder.open_unpacked(options.resume) if options.resume else None
    name = options.experiments if resumed is None else resumed.read_json("run.json")["experiment"]
    experiment = experiment_named(name)
    wanted = RunOptions(
        **{field.name: getattr(options, field.name) for field in fields(RunOptions)}
    )
    planned = experiment.plan(wanted) if resumed is None else experiment.resume(resumed, wanted)
    with _alone("compare") if planned.is_exclusive else nullcontext():
        folder = resumed or ResultsFolder.create(RESULTS, profile=planned.profile)
        if planned.announcement:
            console.print(planned.announcement, **PLAIN)
        problems = _execute(planned, folder, console)
    for problem in problems:
        print(problem, file=sys.stderr)
    is_conclusive = experiment.is_conclusive(folder.read_json("results.json"))
    return 0 if is_conclusive and not problems else FAILED


def _execute(planned: PlannedRun, folder: ResultsFolder, console: Console) -> list[str]:
    """Execute a run; report what the folder holds then, also after an error."""
    die_with_parent()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return planned.execute(folder, console, RUN_DIR)
    finally:
        if (folder.path / "environment.json").exists():
            _finish(folder, console)


def report(options: argparse.Namespace, console: Console) -> int:
    """Derive the results of an earlier run anew and redraw its report, or set two side by side."""
    if options.against is None:
        _finish(ResultsFolder.open(options.folder), console)
        return 0
    both = [schema.read(path / "results.json") for path in (options.folder, options.against)]
    for name in [name for results in both for name in results["experiments"]]:
        if not experiment_named(name).has_trials:
            raise UsageError(f"{name} has no trials, so its runs can't be set side by side.")
    path = options.folder / f"against-{options.against.resolve().name}.html"
    path.write_text(comparison.render(*both), encoding="utf-8")
    comparison.show(both[0], both[1], console)
    print(path, flush=True)
    return 0


def pack_run(options: argparse.Namespace, console: Console) -> int:
    """Replace the raw files of a finished run by one pack."""
    console.print(str(pack(options.folder)), **PLAIN)
    return 0


def selfcheck(options: argparse.Namespace, console: Console) -> int:
    """Hold the harness against planted truths."""
    from benchmarks.selfcheck import check  # noqa: PLC0415

    die_with_parent()
    signal.signal(signal.SIGTERM, _interrupt)
    with _alone("selfcheck"):
        return 0 if check.run(size=options.size, results=RESULTS, console=console) else FAILED


@contextmanager
def _alone(command: str) -> Iterator[None]:
    """Refuse a second comparison or self-check at once: they would measure each other."""
    try:
        with only_one(RUN_DIR.with_suffix(".lock"), command, report=print, wait_seconds=0):
            yield
    except PlatformError as error:
        raise MachineError(str(error)) from error


def _finish(folder: ResultsFolder, console: Console) -> None:
    try:
        results = derive(folder)
        path = draw(folder, results)
    except OSError as error:
        raise FolderError(
            f"The report can't be written ({error.strerror}). The raw data is kept: make room, "
            f"then `make report RESULTS={folder.path}`."
        ) from error
    rendering.show(results, console)
    print(path, flush=True)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="compare | report | pack | selfcheck")
    it = commands.add_parser("compare", help="measure both architectures and report")
    it.add_argument("--profile", default="quick", help=f"one of {', '.join(PROFILES)}")
    known = ", ".join(NAMES)
    it.add_argument("--experiments", default="scaling", help=f"one of: {known}")
    it.add_argument("--sweeps", default="", help="only these of the profile, with commas between")
    it.add_argument("--seed", type=int, help="of the order of the arms (default: random)")
    it.add_argument("--resume", type=Path, metavar="RESULTS_DIR", help="go on with a stopped run")
    it.add_argument("--share-core", action="store_true", help="go on where there is one core only")
    it.add_argument("--target-a", default="", metavar="URL", help="a deployed target of yours")
    it.add_argument("--target-b", default="", metavar="URL", help="the one to compare it with")
    it.add_argument("--api", default="", metavar="FILE.py:CLASS", help="the API that both have")
    it.add_argument("--rates", default="", help="arrivals a second for them, as in 2,5")
    it.add_argument("--image-server", default="", metavar="URL", help="as they reach it")
    it.set_defaults(command=compare)
    it = commands.add_parser("report", help="redraw the report of an earlier run")
    it.add_argument("folder", type=Path, metavar="RESULTS_DIR")
    it.add_argument("--against", type=Path, metavar="RESULTS_DIR", help="set this run beside it")
    it.set_defaults(command=report)
    it = commands.add_parser("pack", help="pack the raw files of a finished run into one file")
    it.add_argument("folder", type=Path, metavar="RESULTS_DIR")
    it.set_defaults(command=pack_run)
    it = commands.add_parser("selfcheck", help="hold the harness against planted truths")
    it.add_argument("--size", choices=("short", "whole"), default="whole")
    it.set_defaults(command=selfcheck)
    return parser


if __name__ == "__main__":
    sys.exit(main())
