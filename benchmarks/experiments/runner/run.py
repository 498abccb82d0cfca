"""A run: conformance once per architecture, then the blocks, then what is derived from them."""

import os
import time
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any

from rich.console import Console

from benchmarks.experiments.runner import disk
from benchmarks.experiments.runner.arm_conformance import (
    ConformanceRunner,
    at_a_time,
    check_arms,
    unproved,
)
from benchmarks.experiments.runner.arms import FLOOR, Sweep
from benchmarks.experiments.runner.blocks import Planned, plan
from benchmarks.experiments.runner.cores import pin
from benchmarks.experiments.runner.environment import describe
from benchmarks.experiments.runner.errors import HarnessError, MachineError
from benchmarks.experiments.runner.extra_blocks import ExtraBlocks, IsLost, is_lost, whole_order
from benchmarks.experiments.runner.failed_starts import FailedStarts
from benchmarks.experiments.runner.loads import make_load
from benchmarks.experiments.runner.plans import (
    CONFORMANCE_SECONDS,
    Plan,
    schedule_of,
    trial_seconds,
)
from benchmarks.experiments.runner.progress import Display, TimeLeft
from benchmarks.experiments.runner.protocols import Deploy, MakeActor, MakeLoad
from benchmarks.experiments.runner.rates import Rates
from benchmarks.experiments.runner.results_folder import RAW_VERSION, ResultsFolder, run_id
from benchmarks.experiments.runner.scaler import Scaler
from benchmarks.experiments.runner.trial import UNFINISHED, Bench, Order, run_trial


def new_record(wanted: Plan, folder: ResultsFolder) -> dict[str, Any]:
    """Begin run.json: everything that a resumed run must know."""
    return {
        "raw_version": RAW_VERSION,
        "id": run_id(folder.path),
        "experiment": wanted.experiment,
        "profile": wanted.profile.name,
        "seed": wanted.seed,
        "sweeps": [sweep.to_json() for sweep in wanted.sweeps],
        "order": [trial.name for trial in plan(wanted.sweeps, wanted.seed)],
        "extra_blocks": [],
        "image": wanted.image.name,
        "core_shared": wanted.cores.shared and not wanted.is_external,
        "bound_per_second": None,
        "started_at": _now(),
        "resumed_at": [],
        "finished_at": None,
        "status": "running",
    }


def run(
    wanted: Plan,
    folder: ResultsFolder,
    record: dict[str, Any],
    *,
    deploy: Deploy,
    run_dir: Path,
    console: Console,
    load: MakeLoad = make_load,
    actor: MakeActor = Scaler,
    conformance: ConformanceRunner | None = None,
    lost: IsLost = is_lost,
    later_seconds: float = 0.0,
) -> None:
    """Run what `record` doesn't have yet. Whatever stops it, the folder keeps what was measured.

    `lost` decides whether a trial's block is made up for by a further one.
    `later_seconds` is added to the time left that is shown: what is planned after this run.
    Raises HarnessError, and KeyboardInterrupt.
    """
    if not wanted.image.is_file():
        raise MachineError(f"The image that is submitted is missing: {wanted.image}.")
    # Both before anything can stop the run, since a resumed one reads both
    if not (folder.path / "environment.json").exists():
        folder.write_json("environment.json", describe(wanted.cores))
    folder.write_json("run.json", record)
    bench = Bench(folder, wanted.cores, wanted.image, run_dir, wanted.seed, deploy, load, actor)
    everywhere = os.sched_getaffinity(0)
    try:
        disk.check_room(folder.path)
        disk.reserve(folder)
        _run_all(
            bench,
            wanted,
            record,
            console,
            conformance or ConformanceRunner(),
            lost=lost,
            later_seconds=later_seconds,
        )
        record["status"] = "complete"
    except KeyboardInterrupt:
        record["status"] = "interrupted"
        raise
    except (HarnessError, OSError) as error:
        stopped = disk.explained(error, folder)
        record["status"] = f"stopped: {stopped}"
        raise stopped from error
    finally:
        pin(everywhere)
        disk.release(folder)
        record["finished_at"] = _now()
        folder.write_json("run.json", record)


def _run_all(
    bench: Bench,
    wanted: Plan,
    record: dict[str, Any],
    console: Console,
    conformance: ConformanceRunner,
    *,
    lost: IsLost,
    later_seconds: float,
) -> None:
    done = _done(bench.folder, record)
    order = whole_order(wanted.sweeps, wanted.seed, record.get("extra_blocks", []))
    left = deque(it for it in order if it.name not in done)
    extra = None
    if wanted.profile.replaces_lost:
        extra = ExtraBlocks(bench.folder, wanted.sweeps, record, lost)
    sweeps = {sweep.name: sweep for sweep in wanted.sweeps}
    rates = Rates(bench.folder, wanted.cores, record)
    selection = wanted.profile.conformance
    arms = unproved(bench.folder, wanted.code_bases, selection) if wanted.is_checked else []
    unchecked = at_a_time(arms)
    time_left = _time_left(tuple(left), sweeps, checks=len(unchecked), later_seconds=later_seconds)
    failed_starts = FailedStarts()
    with Display(console, time_left) as display:
        for together in unchecked:
            check_arms(bench, together, selection, display, conformance)
        pin({wanted.cores.generator})
        while left or (extra and _add(extra.next(), left, time_left, display)):
            trial = left.popleft()
            disk.check_room(bench.folder.path)
            sweep = sweeps[trial.sweep]
            beyond = " planned" if trial.block > sweep.blocks else ""
            title = (
                f"trial {trial.number} of {len(record['order'])}, {trial.sweep}, "
                f"block {trial.block} of {sweep.blocks}{beyond}, {trial.arm}"
            )
            display.begin(f"trial of {trial.sweep}", title)
            began = time.monotonic()
            schedule = schedule_of(sweep.arm(trial.arm), rates.settle(sweep))
            run_trial(bench, Order(trial, sweep, schedule), show=display.show)
            display.end(_outcome(bench, trial, time.monotonic() - began))
            failed_starts.add(bench.folder.read_json(f"raw/{trial.name}/trial.json"))


def _add(
    trials: Sequence[Planned], left: deque[Planned], time_left: TimeLeft, display: Display
) -> bool:
    """Add the trials of a further block to what is left; return whether there are any."""
    if not trials:
        return False
    first = trials[0]
    display.note(f"{first.sweep}: blocks were lost, so block {first.block} is run as well")
    time_left.add([f"trial of {trial.sweep}" for trial in trials])
    left.extend(trials)
    return True


def _done(folder: ResultsFolder, record: Mapping[str, Any]) -> set[str]:
    """The trials that need not be run again: those that came to an end, void or not.

    Floors are run again as long as none has set the rates: without them nothing else can go on.
    """
    found = set()
    for path in folder.trials():
        document = folder.read_json(f"raw/{path.name}/trial.json")
        missed = document["architecture"] == FLOOR and record["bound_per_second"] is None
        if document["problem"] not in UNFINISHED and not missed:
            found.add(path.name)
    return found


def _time_left(
    left: Sequence[Planned], sweeps: dict[str, Sweep], *, checks: int, later_seconds: float
) -> TimeLeft:
    planned = {
        f"trial of {it.name}": fmean(trial_seconds(it, arm) for arm in it.arms)
        for it in sweeps.values()
    }
    planned["conformance"] = CONFORMANCE_SECONDS
    steps = [*["conformance"] * checks, *(f"trial of {trial.sweep}" for trial in left)]
    return TimeLeft(planned, steps, later_seconds)


def _outcome(bench: Bench, trial: Planned, seconds: float) -> str:
    document = bench.folder.read_json(f"raw/{trial.name}/trial.json")
    if document["problem"]:
        return f"failed after {seconds:.0f} s: {document['problem']}"
    ledger = document["ledger"]
    held = f"{ledger['rows']} rows"
    if ledger["results"] is not None:
        held += f", {ledger['results']} results"
    return f"{ledger['accepted']} accepted, {held} in {seconds:.0f} s"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
