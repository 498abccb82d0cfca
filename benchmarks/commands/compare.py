"""Run an experiment on both architectures, or resume one, and report."""

import argparse
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.command_line import FAILED, MISUSED, end_with_parent
from benchmarks.commands.measured_run import RESULTS, RUN_DIR, alone, finish
from benchmarks.experiments import planning
from benchmarks.experiments.engine.errors import HarnessError, UsageError
from benchmarks.experiments.engine.external import check_url
from benchmarks.experiments.engine.folder import ResultsFolder
from benchmarks.experiments.engine.images import GivenServer
from benchmarks.experiments.engine.profiles import PROFILES, profile_named
from benchmarks.experiments.engine.proving import Prover
from benchmarks.experiments.engine.run import Plan, new_record, new_seed
from benchmarks.experiments.engine.run import run as run_trials
from benchmarks.experiments.registry import EXPERIMENTS, OWN_WAY, OwnWay
from benchmarks.ports import PortError
from benchmarks.report.schema import UnreadableResults

ERRORS: dict[type[Exception], int] = {
    UsageError: MISUSED,
    PortError: MISUSED,
    HarnessError: FAILED,
    UnreadableResults: FAILED,
}
INTERRUPTED = "Interrupted; nothing is left running."
PLAIN: dict[str, Any] = {"highlight": False, "markup": False, "soft_wrap": True}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the choice of the experiment, its profile, and the targets that are compared."""
    known = ", ".join((*EXPERIMENTS, *OWN_WAY))
    option = parser.add_argument
    option("--profile", default="quick", help=f"one of {', '.join(PROFILES)}")
    option("--experiments", default="scaling", help=f"one of: {known}")
    option("--sweeps", default="", help="only these of the profile, with commas between")
    option("--seed", type=int, help="of the order of the arms (default: random)")
    option("--resume", type=Path, metavar="RESULTS_DIR", help="go on with a stopped run")
    option("--share-core", action="store_true", help="go on where there is one core only")
    option("--target-a", default="", metavar="URL", help="a deployed target of yours")
    option("--target-b", default="", metavar="URL", help="the one to compare it with")
    option("--rates", default="", help="arrivals a second for them, as in 2,5")
    option("--image-server", default="", metavar="URL", help="its URL as the targets reach it")


def run(options: argparse.Namespace) -> int:
    """Run the trials that are missing and report; return 1 where no block counts."""
    console = Console()
    if own := _own_way(options):
        return _compare_in_its_way(own, options, console)
    images = None
    if options.image_server:
        images = GivenServer(check_url("IMAGE_SERVER", options.image_server))
    resumed = ResultsFolder.open(options.resume) if options.resume else None
    record = None
    if resumed is not None:
        plan, record = planning.resumed(resumed)
    else:
        plan = planning.planned(
            profile=options.profile,
            experiments=options.experiments,
            sweeps=options.sweeps,
            seed=options.seed,
            targets=planning.addresses(options.target_a, options.target_b),
            rates=options.rates,
            share_core=options.share_core,
        )
    with alone("compare"):
        folder = resumed or ResultsFolder.create(RESULTS, profile=plan.profile.name)
        console.print(planning.greeting(plan), highlight=False, soft_wrap=True)
        record = new_record(plan, folder) if record is None else record
        _run(plan, folder, record, console, images)
    concludes = plan.profile.name != "smoke"
    return 0 if _some_block_counts(folder) or not concludes else FAILED


def _own_way(options: argparse.Namespace) -> OwnWay | None:
    """Return the chosen or resumed experiment if it runs no trials."""
    name = options.experiments.strip()
    if options.resume:
        name = ResultsFolder.open(options.resume).read_json("run.json")["experiment"]
    return OWN_WAY.get(name)


def _compare_in_its_way(own: OwnWay, options: argparse.Namespace, console: Console) -> int:
    if options.sweeps or options.target_a or options.target_b or options.rates:
        raise UsageError(f"{own.name} loads nothing: it has no SWEEPS, targets or RATES.")
    profile = profile_named(options.profile).name
    seed = new_seed() if options.seed is None else options.seed
    folder = options.resume or ResultsFolder.create(RESULTS, profile=profile).path
    end_with_parent()
    problems: list[str] = []
    try:
        problems = own.run(folder, profile, seed, lambda line: console.print(line, **PLAIN))
    finally:
        if (folder / "environment.json").exists():
            finish(ResultsFolder.open(folder), console)
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
    from benchmarks.experiments.deploying import deploy_arm  # noqa: PLC0415

    end_with_parent()
    try:
        run_trials(
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
            finish(folder, console)


def _some_block_counts(folder: ResultsFolder) -> bool:
    claims = folder.read_json("results.json")["experiments"]
    return all(claim["blocks"] for it in claims.values() for claim in it["claims"][:1])
