"""`python -m benchmarks compare`, `report`, `pack` and `selfcheck`."""

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console

from benchmarks.experiments import planning
from benchmarks.experiments.engine.errors import (
    FolderError,
    HarnessError,
    MachineError,
    UsageError,
)
from benchmarks.experiments.engine.external import check_url
from benchmarks.experiments.engine.folder import ResultsFolder
from benchmarks.experiments.engine.images import GivenServer
from benchmarks.experiments.engine.profiles import PROFILES, profile_named
from benchmarks.experiments.engine.proving import Prover
from benchmarks.experiments.engine.run import Plan, new_record, new_seed, run
from benchmarks.experiments.registry import EXPERIMENTS, OWN_WAY, OwnWay
from benchmarks.experiments.results import derive, draw
from benchmarks.pack import pack
from benchmarks.ports import PortError
from benchmarks.report import drawing, schema, side_by_side

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
    """Run an experiment, or go on with one, and report."""
    if own := _own_way(options):
        return _compare_in_its_way(own, options, console)
    images = None
    if options.image_server:
        images = GivenServer(check_url("IMAGE_SERVER", options.image_server))
    resumed = ResultsFolder.open_unpacked(options.resume) if options.resume else None
    record = None
    if resumed is not None:
        plan, record = planning.resumed(resumed)
    else:
        plan = planning.planned(
            profile=options.profile,
            experiments=options.experiments,
            sweeps=options.sweeps,
            seed=options.seed,
            targets=planning.addresses(options.target_a, options.target_b, options.api),
            rates=options.rates,
            share_core=options.share_core,
            api=options.api,
        )
    with _alone("compare"):
        folder = resumed or ResultsFolder.create(RESULTS, profile=plan.profile.name)
        console.print(planning.greeting(plan), highlight=False, soft_wrap=True)
        record = new_record(plan, folder) if record is None else record
        _run(plan, folder, record, console, images)
    concludes = plan.profile.name != "smoke"
    return 0 if _something_counts(folder) or not concludes else FAILED


def _own_way(options: argparse.Namespace) -> OwnWay | None:
    """The experiment that was asked for, or is gone on with, if it runs in its own way."""
    name = options.experiments.strip()
    if options.resume:
        name = ResultsFolder.open_unpacked(options.resume).read_json("run.json")["experiment"]
    return OWN_WAY.get(name)


def _compare_in_its_way(own: OwnWay, options: argparse.Namespace, console: Console) -> int:
    from backing.lifetime import die_with_parent  # noqa: PLC0415

    if options.sweeps or options.target_a or options.target_b or options.rates or options.api:
        raise UsageError(f"{own.name} loads nothing: it has no SWEEPS, targets, API or RATES.")
    profile = profile_named(options.profile).name
    seed = new_seed() if options.seed is None else options.seed
    folder = options.resume or ResultsFolder.create(RESULTS, profile=profile).path
    die_with_parent()
    signal.signal(signal.SIGTERM, _interrupt)
    problems: list[str] = []
    try:
        problems = own.run(folder, profile, seed, lambda line: console.print(line, **PLAIN))
    finally:
        if (folder / "environment.json").exists():
            _finish(ResultsFolder.open(folder), console)
    for problem in problems:
        print(problem, file=sys.stderr)
    return FAILED if problems else 0


def _run(
    plan: Plan,
    folder: ResultsFolder,
    record: dict[str, Any],
    console: Console,
    images: GivenServer | None,
) -> None:
    # Imported late: they open the way to the parts, which `report` needs none of.
    from backing.lifetime import die_with_parent  # noqa: PLC0415
    from benchmarks.experiments.deploying import deploy_arm  # noqa: PLC0415

    die_with_parent()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        run(
            plan,
            folder,
            record,
            deploy=deploy_arm,
            actor=EXPERIMENTS[plan.experiment].actor(),
            run_dir=RUN_DIR,
            console=console,
            prover=Prover() if images is None else Prover(images=lambda _log: images),
        )
    finally:
        if (folder.path / "environment.json").exists():
            _finish(folder, console)


def report(options: argparse.Namespace, console: Console) -> int:
    """Derive the results of an earlier run anew and redraw its report, or set two side by side."""
    if options.against is None:
        _finish(ResultsFolder.open(options.folder), console)
        return 0
    both = [schema.read(path / "results.json") for path in (options.folder, options.against)]
    if alone := [name for it in both for name in it["experiments"] if name in OWN_WAY]:
        raise UsageError(f"{alone[0]} has no trials, so its runs can't be set side by side.")
    path = options.folder / f"against-{options.against.resolve().name}.html"
    path.write_text(side_by_side.render(*both), encoding="utf-8")
    side_by_side.show(both[0], both[1], console)
    print(path, flush=True)
    return 0


def pack_run(options: argparse.Namespace, console: Console) -> int:
    """Replace the raw files of a finished run by one pack."""
    console.print(str(pack(options.folder)), **PLAIN)
    return 0


def selfcheck(options: argparse.Namespace, console: Console) -> int:
    """Hold the harness against planted truths."""
    from backing.lifetime import die_with_parent  # noqa: PLC0415
    from benchmarks.selfcheck import check  # noqa: PLC0415

    die_with_parent()
    signal.signal(signal.SIGTERM, _interrupt)
    with _alone("selfcheck"):
        return 0 if check.run(size=options.size, results=RESULTS, console=console) else FAILED


@contextmanager
def _alone(command: str) -> Iterator[None]:
    """Refuse a second comparison or self-check at once: they would measure each other."""
    from backing import PlatformError  # noqa: PLC0415
    from benchmarks.targets.locking import only_one  # noqa: PLC0415

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
    drawing.show(results, console)
    print(path, flush=True)


def _something_counts(folder: ResultsFolder) -> bool:
    claims = folder.read_json("results.json")["experiments"]
    return all(claim["blocks"] for it in claims.values() for claim in it["claims"][:1])


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="compare | report | pack | selfcheck")
    it = commands.add_parser("compare", help="measure both architectures and report")
    it.add_argument("--profile", default="quick", help=f"one of {', '.join(PROFILES)}")
    known = ", ".join((*EXPERIMENTS, *OWN_WAY))
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
