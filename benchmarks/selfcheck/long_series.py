"""The measurement of a series: begun, or gone on with where an earlier check was stopped."""

from dataclasses import replace
from pathlib import Path

from rich.console import Console

from benchmarks.experiments.deploy.release_actor import ReleaseActor
from benchmarks.experiments.runner.arms import Sweep
from benchmarks.experiments.runner.cores import split_cores
from benchmarks.experiments.runner.deployment import IMAGE, deploy_arm
from benchmarks.experiments.runner.loads import make_load
from benchmarks.experiments.runner.measured_trial import Trial, load_trials
from benchmarks.experiments.runner.plans import Plan, check_same, resumed
from benchmarks.experiments.runner.profiles import Profile
from benchmarks.experiments.runner.protocols import Deploy, MakeActor, MakeLoad
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.experiments.runner.run import new_record
from benchmarks.experiments.runner.run import run as run_plan
from benchmarks.experiments.runner.scaler import Scaler
from benchmarks.repository import REPOSITORY
from benchmarks.selfcheck.resampling import SEED

RUN_DIR = REPOSITORY / ".run" / "selfcheck"
PROFILE = Profile("selfcheck", "known effects")
ACTORS: dict[str, MakeActor] = {"deploy": ReleaseActor}


def measure(
    path: Path,
    sweeps: tuple[Sweep, ...],
    console: Console,
    *,
    experiment: str = "scaling",
    deploy: Deploy = deploy_arm,
    load: MakeLoad = make_load,
    share_core: bool = False,
) -> list[Trial]:
    """Run in `path` what it doesn't hold yet; return all of its trials.

    Raises HarnessError and KeyboardInterrupt; FolderError where the folder was begun with other
    code or on another machine.
    """
    if (path / "run.json").exists():
        folder = ResultsFolder.open(path)
        if folder.read_json("run.json")["status"] == "complete":
            check_same(folder)
            return load_trials(folder)
        plan, record = resumed(folder, profile=PROFILE)
        plan = replace(plan, is_checked=False)
    else:
        folder = ResultsFolder.begin(path)
        cores = split_cores(share=share_core)
        plan = Plan(experiment, sweeps, PROFILE, SEED, IMAGE, cores, is_checked=False)
        record = new_record(plan, folder)
    run_plan(
        plan,
        folder,
        record,
        deploy=deploy,
        load=load,
        actor=ACTORS.get(experiment, Scaler),
        run_dir=RUN_DIR,
        console=console,
    )
    return load_trials(folder)
