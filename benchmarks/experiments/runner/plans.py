"""The plan of a run: its sweeps, seed and cores; and the plan of the rest of a stopped one."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.experiments.runner.arms import FLOOR, Arm, Sweep
from benchmarks.experiments.runner.conformance import EVERYTHING
from benchmarks.experiments.runner.cores import Cores, split_cores
from benchmarks.experiments.runner.deployment import IMAGE
from benchmarks.experiments.runner.environment import describe
from benchmarks.experiments.runner.errors import FolderError
from benchmarks.experiments.runner.extra_blocks import whole_order
from benchmarks.experiments.runner.profiles import Profile, profile_named
from benchmarks.experiments.runner.rates import PLANNED_BOUND_PER_SECOND, settled
from benchmarks.experiments.runner.results_folder import ResultsFolder
from benchmarks.workload.schedule import Schedule

CONFORMANCE_SECONDS = 70.0  # all cases; some of them:
SELECTED_CASES_SECONDS = 30.0
# Deploying, draining, counting: means of a quick run's trials on two cores, some with a build
AROUND_SECONDS, AROUND_FLOOR_SECONDS, AROUND_ENGINE_SECONDS = 12.5, 4.0, 110.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run executes, of which experiment."""

    experiment: str
    sweeps: tuple[Sweep, ...]
    profile: Profile
    seed: int
    image: Path
    cores: Cores
    is_checked: bool = True  # by the conformance suite, before anything is measured

    @property
    def is_external(self) -> bool:
        """Whether the targets were deployed by other means, and maybe on other machines."""
        return any(arm.base_url for sweep in self.sweeps for arm in sweep.arms)

    @property
    def code_bases(self) -> list[Arm]:
        """One arm for each code base: the first that runs it."""
        first: dict[str, Arm] = {}
        for arm in (arm for sweep in self.sweeps for arm in sweep.arms):
            if arm.architecture != FLOOR:
                first.setdefault(arm.code_base, arm)
        return list(first.values())

    @property
    def seconds(self) -> float:
        """How long it takes if all goes as planned, so that no block has to be made up for."""
        trials = sum(
            sweep.blocks * trial_seconds(sweep, arm) for sweep in self.sweeps for arm in sweep.arms
        )
        return trials + self.conformance_seconds

    @property
    def conformance_seconds(self) -> float:
        """How many of them are the conformance suite's."""
        if not self.is_checked:
            return 0.0
        every = self.profile.conformance == EVERYTHING
        return CONFORMANCE_SECONDS if every else SELECTED_CASES_SECONDS

    @property
    def takes(self) -> str:
        """The same in words, in whole minutes."""
        minutes = max(1, round(self.seconds / 60))
        return "a minute" if minutes == 1 else f"{minutes} minutes"


def new_seed() -> int:
    """Draw a seed for a run that is given none."""
    return secrets.randbelow(1_000_000)


def schedule_of(arm: Arm, schedule: Schedule) -> Schedule:
    """Return the arm's own schedule: with a step for each fault, fewer faults end sooner."""
    return schedule.first(len(arm.faults)) if arm.faults else schedule


def trial_seconds(
    sweep: Sweep, arm: Arm, bound_per_second: float = PLANNED_BOUND_PER_SECOND
) -> float:
    """Return how long a trial takes as planned, deploying and draining included."""
    around = AROUND_FLOOR_SECONDS if arm.architecture == FLOOR else AROUND_SECONDS
    if arm.platform:
        around = AROUND_ENGINE_SECONDS
    return schedule_of(arm, settled(sweep, bound_per_second)).seconds + around


def resumed(
    folder: ResultsFolder, *, profile: Profile | None = None
) -> tuple[Plan, dict[str, Any]]:
    """Plan the rest of a stopped run: the same sweeps and blocks, in the same order.

    `profile` is that of a run that none of the named ones describes.
    Raises FolderError if it is complete, or was planned by other code.
    """
    record = folder.read_json("run.json")
    if record["status"] == "complete":
        raise FolderError(f"{folder.path} is complete: there is nothing to go on with.")
    sweeps = tuple(Sweep.from_json(document) for document in record["sweeps"])
    order = whole_order(sweeps, record["seed"], record.get("extra_blocks", []))
    if record["order"] != [trial.name for trial in order]:
        raise FolderError(
            f"{folder.path} was planned by another version of the code. Check out the commit that "
            "its environment.json names, or begin a new run."
        )
    cpu = folder.read_json("environment.json")["cpu"]
    target = str(len(cpu.get("target_cores", ())) or 1)
    check_same(folder, split_cores(share=True, target=target))
    record["resumed_at"].append(datetime.now(UTC).isoformat(timespec="seconds"))
    record["status"], record["finished_at"] = "running", None
    wanted = Plan(
        experiment=record["experiment"],
        sweeps=sweeps,
        profile=profile or profile_named(record["profile"]),
        seed=record["seed"],
        image=IMAGE,
        cores=split_cores(share=record["core_shared"], target=target),
        is_checked=not any(arm.api for sweep in sweeps for arm in sweep.arms),
    )
    return wanted, record


def check_same(
    folder: ResultsFolder,
    cores: Cores | None = None,
    *,
    alike: Sequence[str] = ("source", "cpu", "versions"),
) -> None:
    """Refuse to go on with other code or on another machine: the blocks would not be alike.

    Without `cores` it doesn't matter which cores of the machine the folder's run has. `alike` are
    the parts of environment.json that have to be the same.
    """
    before = folder.read_json("environment.json")
    now = json.loads(json.dumps(describe(cores or split_cores(share=True))))
    if cores is None:
        now["cpu"] |= {name: before["cpu"].get(name) for name in ("target_cores", "generator_core")}
    for what in alike:
        if before[what] != now[what]:
            raise FolderError(
                f"{folder.path} was begun with another {what} (see its environment.json): a run is "
                "resumed where and with what it was begun. Begin a new one."
            )
