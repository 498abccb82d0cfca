"""A run: conformance once per arm, then the blocks, then what is derived from them."""

import os
import secrets
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.experiments.engine.blocks import Planned, plan
from benchmarks.experiments.engine.conformance import Proof, prove
from benchmarks.experiments.engine.cores import pin, split_cores
from benchmarks.experiments.engine.environment import describe
from benchmarks.experiments.engine.errors import ConformanceError, HarnessError, MachineError
from benchmarks.experiments.engine.folder import RAW_VERSION, ResultsFolder
from benchmarks.experiments.engine.profiles import Profile
from benchmarks.experiments.engine.progress import Display, TimeLeft
from benchmarks.experiments.engine.trial import Bench, Deploy, run_trial

REPOSITORY = Path(__file__).resolve().parents[3]
PLANNED_SECONDS = {"conformance": 60.0, "around a trial": 16.0}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be run, of which experiment."""

    experiment: str
    arms: tuple[str, ...]
    settings: dict[str, str]
    profile: Profile
    seed: int
    image: Path


def new_seed() -> int:
    """A seed for a run that was given none."""
    return secrets.randbelow(1_000_000)


def run(
    wanted: Plan, folder: ResultsFolder, *, deploy: Deploy, run_dir: Path, console: Console
) -> None:
    """Run it. Whatever stops it, the folder keeps what was measured, and its status says so.

    Raises HarnessError, and KeyboardInterrupt.
    """
    cores = split_cores()
    if not wanted.image.is_file():
        raise MachineError(f"The picture that is submitted is missing: {wanted.image}.")
    started = datetime.now(UTC)
    trials = plan(wanted.arms, wanted.profile.blocks, wanted.seed)
    record: dict[str, Any] = {
        "raw_version": RAW_VERSION,
        "id": folder.path.name,
        "experiment": wanted.experiment,
        "arms": list(wanted.arms),
        "profile": wanted.profile.name,
        "blocks": wanted.profile.blocks,
        "schedule": asdict(wanted.profile.schedule),
        "image": wanted.image.name,
        "seed": wanted.seed,
        "order": [trial.name for trial in trials],
        "settings": wanted.settings,
        "started_at": started.isoformat(timespec="seconds"),
        "finished_at": None,
        "status": "running",
    }
    folder.write_json("run.json", record)
    folder.write_json("environment.json", describe(cores, wanted.settings))
    bench = Bench(
        folder, cores, wanted.profile.schedule, wanted.image, wanted.settings, run_dir, deploy
    )
    time_left = TimeLeft(
        {
            "conformance": PLANNED_SECONDS["conformance"],
            "trial": wanted.profile.schedule.seconds + PLANNED_SECONDS["around a trial"],
        },
        ["conformance"] * len(wanted.arms) + ["trial"] * len(trials),
    )
    everywhere = os.sched_getaffinity(0)
    try:
        with Display(console, time_left) as display:
            _prove_all(bench, wanted, display)
            pin({cores.generator})
            _run_trials(bench, trials, display)
        record["status"] = "complete"
    except KeyboardInterrupt:
        record["status"] = "interrupted"
        raise
    except HarnessError as error:
        record["status"] = f"stopped: {error}"
        raise
    finally:
        pin(everywhere)
        record["finished_at"] = datetime.now(UTC).isoformat(timespec="seconds")
        folder.write_json("run.json", record)


def _prove_all(bench: Bench, wanted: Plan, display: Display) -> None:
    """Prove every arm. A target that doesn't keep the contract gets no number: the run ends."""
    proofs: dict[str, Proof] = {}
    for arm in wanted.arms:
        display.begin("conformance", f"conformance of {arm}")
        display.tell("deploying")
        with bench.deploy(
            arm, run_dir=bench.run_dir / arm, settings=dict(wanted.settings), cores=None
        ) as target:
            display.tell("running the suite")
            proofs[arm] = prove(
                target.base_url,
                log=bench.folder.log(f"conformance-{arm}.log"),
                report=bench.folder.log(f"conformance-{arm}.xml"),
                selection=wanted.profile.conformance,
            )
        bench.folder.write_json(
            "conformance.json", {name: asdict(proof) for name, proof in proofs.items()}
        )
        proof = proofs[arm]
        if not proof.passed:
            raise ConformanceError(
                f"{arm} fails {proof.failed} of {proof.cases} conformance cases, "
                f"so it gets no number; see {bench.folder.log(f'conformance-{arm}.log')}."
            )
        display.end(f"{proof.cases - proof.skipped} cases passed in {proof.seconds:.0f} s")


def _run_trials(bench: Bench, trials: list[Planned], display: Display) -> None:
    blocks = max(trial.block for trial in trials)
    for trial in trials:
        title = (
            f"block {trial.block} of {blocks}, trial {trial.number} of {len(trials)}, {trial.arm}"
        )
        display.begin("trial", title)
        began = time.monotonic()
        run_trial(bench, trial, tell=display.tell)
        display.end(_outcome(bench, trial, time.monotonic() - began))


def _outcome(bench: Bench, trial: Planned, seconds: float) -> str:
    document = bench.folder.read_json(f"raw/{trial.name}/trial.json")
    if document["problem"]:
        return f"failed after {seconds:.0f} s: {document['problem']}"
    ledger = document["ledger"]
    return (
        f"{ledger['accepted']} accepted, {ledger['rows']} rows, {ledger['results']} results "
        f"in {seconds:.0f} s"
    )
