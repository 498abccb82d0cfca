"""`python -m benchmarks compare` and `python -m benchmarks report`."""

import argparse
import signal
import sys
from pathlib import Path
from types import FrameType

from rich.console import Console

from benchmarks.experiments.engine.errors import HarnessError, UsageError
from benchmarks.experiments.engine.folder import ResultsFolder
from benchmarks.experiments.engine.profiles import PROFILES, profile_named
from benchmarks.experiments.engine.run import Plan, new_seed, run
from benchmarks.experiments.registry import EXPERIMENTS, experiments_named
from benchmarks.experiments.results import derive, draw
from benchmarks.report import schema, terminal

REPOSITORY = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).with_name("results")
RUN_DIR = REPOSITORY / ".run" / "compare"
IMAGE = REPOSITORY / "shared" / "fixtures" / "load.jpg"
FAILED, MISUSED, INTERRUPTED = 1, 2, 130


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; the status is 0, 1 (failed), 2 (misused), 130 (Ctrl-C)."""
    options = _parser().parse_args(arguments)
    console = Console()
    try:
        return int(options.command(options, console))
    except UsageError as error:
        print(error, file=sys.stderr)
        return MISUSED
    except (HarnessError, schema.UnreadableResults) as error:
        print(error, file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


def compare(options: argparse.Namespace, console: Console) -> int:
    """Run an experiment on both architectures and report."""
    profile = profile_named(options.profile)
    (experiment,) = experiments_named(options.experiments)
    seed = new_seed() if options.seed is None else options.seed
    # Imported late: it opens the way to the parts, which `report` needs none of.
    from backing.lifetime import die_with_parent  # noqa: PLC0415
    from benchmarks.targets import deploy  # noqa: PLC0415

    die_with_parent()
    signal.signal(signal.SIGTERM, _interrupt)
    console.print(
        f"{experiment.name}, profile {profile.name} (about {profile.takes}), seed {seed}; "
        "Ctrl-C keeps what was measured.",
        highlight=False,
        soft_wrap=True,
    )
    folder = ResultsFolder.create(RESULTS, profile=profile.name)
    plan = Plan(experiment.name, experiment.arms, dict(experiment.settings), profile, seed, IMAGE)
    try:
        run(plan, folder, deploy=deploy, run_dir=RUN_DIR, console=console)
    finally:
        if (folder.path / "environment.json").exists():
            _finish(folder, console)
    return 0 if _something_counts(folder) else FAILED


def report(options: argparse.Namespace, console: Console) -> int:
    """Derive the results of an earlier run anew and redraw its report."""
    _finish(ResultsFolder.open(options.folder), console)
    return 0


def _finish(folder: ResultsFolder, console: Console) -> None:
    results = derive(folder)
    path = draw(folder, results)
    terminal.show(results, console)
    print(path, flush=True)


def _something_counts(folder: ResultsFolder) -> bool:
    claims = folder.read_json("results.json")["experiments"]
    return all(claim["blocks"] for it in claims.values() for claim in it["claims"][:1])


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="compare | report")
    comparing = commands.add_parser("compare", help="measure both architectures and report")
    comparing.add_argument("--profile", default="quick", help=f"one of {', '.join(PROFILES)}")
    comparing.add_argument(
        "--experiments", default="scaling", help=f"with commas between: {', '.join(EXPERIMENTS)}"
    )
    comparing.add_argument("--seed", type=int, help="of the order of the arms (default: random)")
    comparing.set_defaults(command=compare)
    reporting = commands.add_parser("report", help="redraw the report of an earlier run")
    reporting.add_argument("folder", type=Path, metavar="RESULTS_DIR")
    reporting.set_defaults(command=report)
    return parser


if __name__ == "__main__":
    sys.exit(main())
