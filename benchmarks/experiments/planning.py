"""From what was asked for on the command line to the plan of a run."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.experiments import scaling
from benchmarks.experiments.engine.arms import Sweep
from benchmarks.experiments.engine.blocks import plan
from benchmarks.experiments.engine.cores import Cores, split_cores
from benchmarks.experiments.engine.environment import describe
from benchmarks.experiments.engine.errors import FolderError, UsageError
from benchmarks.experiments.engine.external import check_address, check_ready
from benchmarks.experiments.engine.folder import ResultsFolder
from benchmarks.experiments.engine.profiles import profile_named
from benchmarks.experiments.engine.run import Plan, new_seed
from benchmarks.experiments.registry import experiments_named
from benchmarks.experiments.scaling_sweeps import chosen, external_sweeps

REPOSITORY = Path(__file__).resolve().parents[2]
IMAGE = REPOSITORY / "shared" / "fixtures" / "load.jpg"


def planned(
    *,
    profile: str,
    experiments: str,
    sweeps: str,
    seed: int | None,
    targets: tuple[str, str] | None,
    rates: str,
    share_core: bool,
    api: str = "",
) -> Plan:
    """Plan a new run. Raises UsageError for what doesn't exist, MachineError for what can't be."""
    size = profile_named(profile)
    experiment, *others = experiments_named(experiments)
    if others:
        raise UsageError("Say one experiment at a time.")
    if rates and not targets:
        raise UsageError(
            "RATES goes with TARGET_A and TARGET_B only; for our own targets the rates are shares "
            "of what the floor can do."
        )
    if api and not targets:
        raise UsageError(
            "API goes with TARGET_A and TARGET_B only: it names the API that they have."
        )
    every = (
        tuple(external_sweeps(profile, targets, _rates(rates), api))
        if targets
        else experiment.sweeps(profile)
    )
    return Plan(
        experiment=experiment.name,
        sweeps=chosen(every, sweeps),
        profile=size,
        seed=new_seed() if seed is None else seed,
        image=IMAGE,
        cores=split_cores(share=share_core or targets is not None),
        is_proved=not api,
    )


def resumed(folder: ResultsFolder) -> tuple[Plan, dict[str, Any]]:
    """Plan the rest of a stopped run: the same sweeps, in the same order.

    Raises FolderError if it is complete, or was planned by other code.
    """
    record = folder.read_json("run.json")
    if record["status"] == "complete":
        raise FolderError(f"{folder.path} is complete: there is nothing to go on with.")
    sweeps = tuple(Sweep.from_json(document) for document in record["sweeps"])
    if record["order"] != [trial.name for trial in plan(sweeps, record["seed"])]:
        raise FolderError(
            f"{folder.path} was planned by another version of the code. Check out the commit that "
            "its environment.json names, or begin a new run."
        )
    _check_same(folder, split_cores(share=True))
    record["resumed_at"].append(datetime.now(UTC).isoformat(timespec="seconds"))
    record["status"], record["finished_at"] = "running", None
    wanted = Plan(
        experiment=record["experiment"],
        sweeps=sweeps,
        profile=profile_named(record["profile"]),
        seed=record["seed"],
        image=IMAGE,
        cores=split_cores(share=record["core_shared"]),
        is_proved=not any(arm.api for sweep in sweeps for arm in sweep.arms),
    )
    return wanted, record


def _check_same(folder: ResultsFolder, cores: Cores) -> None:
    """Refuse to go on with other code or on another machine: the blocks would not be alike."""
    before, now = folder.read_json("environment.json"), describe(cores)
    for what in ("source", "cpu", "versions"):
        if before[what] != json.loads(json.dumps(now[what])):
            raise FolderError(
                f"{folder.path} was begun with another {what} (see its environment.json): a run is "
                "resumed where and with what it was begun. Begin a new one."
            )


def addresses(target_a: str, target_b: str, api: str = "") -> tuple[str, str] | None:
    """The two addresses, checked; None if neither was given. UsageError for one alone.

    `api` names the API that they have, where it isn't the image flow's.
    """
    if not target_a and not target_b:
        return None
    if not (target_a and target_b):
        raise UsageError("Say both TARGET_A and TARGET_B, or neither.")
    if api:
        return check_ready("TARGET_A", target_a, api), check_ready("TARGET_B", target_b, api)
    return check_address("TARGET_A", target_a), check_address("TARGET_B", target_b)


def greeting(wanted: Plan) -> str:
    """One line that says what is about to run, and for how long."""
    names = ", ".join(sweep.name for sweep in wanted.sweeps)
    return (
        f"{wanted.experiment}, profile {wanted.profile.name}: {names} "
        f"(seed {wanted.seed}), about {_takes(wanted)} if whole. "
        "Ctrl-C keeps what was measured."
    )


def _takes(wanted: Plan) -> str:
    """What a profile says of itself is of the scaling experiment."""
    if wanted.experiment == scaling.NAME:
        return wanted.profile.takes
    minutes = max(1, round(wanted.seconds / 60))
    return "a minute" if minutes == 1 else f"{minutes} minutes"


def _rates(text: str) -> list[float]:
    try:
        rates = [float(part) for part in text.split(",") if part.strip()]
    except ValueError:
        rates = [-1.0]
    if any(rate <= 0 for rate in rates):
        raise UsageError(f"RATES={text} must be arrivals a second with commas between, as in 2,5.")
    return rates
