"""One trial: a fresh deploy with empty stores, stepped through its schedule, counted, torn down."""

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.analysis.accounting import Ledger
from benchmarks.experiments.runner.arms import Sweep
from benchmarks.experiments.runner.blocks import Planned, shuffled_faults
from benchmarks.experiments.runner.cores import Cores
from benchmarks.experiments.runner.disk import is_full
from benchmarks.experiments.runner.errors import MachineError
from benchmarks.experiments.runner.generator import Event
from benchmarks.experiments.runner.protocols import (
    Actor,
    CollectsLogs,
    Deploy,
    Load,
    MakeActor,
    MakeLoad,
    Target,
)
from benchmarks.experiments.runner.results_folder import ResultsFolder, compress, write_readings
from benchmarks.experiments.runner.sampling import Mark, Notes, take
from benchmarks.experiments.runner.scaler import Scaler
from benchmarks.workload.schedule import Schedule

DEPLOYED = "deploy_seconds"  # the key that a trial has from its deployment on
Show = Callable[[str], None]
KEPT_LOG_BYTES = 50_000
INTERRUPTED, NO_ROOM = "interrupted", "the disk was full"
UNFIT = "the machine lacked something"  # run.json has the sentence
UNFINISHED = frozenset({INTERRUPTED, NO_ROOM, UNFIT})  # run again when the run is resumed


@dataclass(frozen=True, slots=True)
class Bench:
    """What the trials of a run have in common."""

    folder: ResultsFolder
    cores: Cores
    image: Path
    run_dir: Path
    seed: int
    deploy: Deploy  # (arm, run_dir=, cores=)
    make_load: MakeLoad  # (arm, target, schedule=, rows=, seed=, log=)
    make_actor: MakeActor = Scaler  # (target, arm, actions, notes)


@dataclass(frozen=True, slots=True)
class Order:
    """One trial that is to be run: what, of which sweep, by which schedule."""

    planned: Planned
    sweep: Sweep
    schedule: Schedule


def run_trial(bench: Bench, order: Order, *, show: Show) -> None:
    """Run one trial and write its raw files. A trial that fails is written with its problem.

    Raises what a full disk does, MachineError where the machine lacks what the target needs, and
    KeyboardInterrupt; a resumed run runs such a trial again.
    """
    began, planned = time.monotonic(), order.planned
    arm = order.sweep.arm(planned.arm)
    document: dict[str, Any] = {
        **asdict(planned),
        "name": planned.name,
        "architecture": arm.architecture,
        "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "load_average": os.getloadavg(),
        "steps": order.schedule.to_json(),
        "problem": None,
    }
    notes = Notes(document, bench.folder.trial(planned.name))
    try:
        _measure(bench, order, notes, show=show)
    except KeyboardInterrupt:
        document["problem"] = INTERRUPTED
        raise
    except MachineError as error:
        if DEPLOYED in document:
            document["problem"] = _described(error)
        else:
            document["problem"] = UNFIT
            raise  # all trials that are left would end like this one, each within a moment
    except Exception as error:
        document["problem"] = _described(error)
        if is_full(error):
            document["problem"] = NO_ROOM
            raise  # a further trial would meet it too; any other bad trial doesn't end the run
    finally:
        document |= {
            "seconds": round(time.monotonic() - began, 3),
            "target_cores": sorted(bench.cores.target),
            "windows": notes.windows,
            "drained": notes.drained,
            "actions": notes.actions,
        }
        if not arm.base_url:
            write_readings(notes.place / "readings.csv.gz", notes.readings)
        if (notes.place / "rows.csv").exists():
            compress(notes.place / "rows.csv")
        bench.folder.write_json(f"raw/{planned.name}/trial.json", document)


def _described(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _measure(bench: Bench, order: Order, notes: Notes, *, show: Show) -> None:
    planned = order.planned
    arm = order.sweep.arm(planned.arm)
    arm = replace(arm, faults=shuffled_faults(arm.faults, bench.seed, planned.name))
    show("deploying")
    began = time.monotonic()
    with bench.deploy(arm, run_dir=bench.run_dir / arm.architecture, cores=bench.cores) as target:
        notes.document[DEPLOYED] = round(time.monotonic() - began, 3)
        try:
            take(notes, target, "rest", -1)
            with bench.make_actor(target, arm, order.sweep.actions, notes.actions) as actor:
                # Made after what the actor prepares: the generator's schedule starts with it
                load = bench.make_load(
                    arm,
                    target,
                    schedule=order.schedule,
                    rows=notes.place / "rows.csv",
                    image=bench.image,
                    core=bench.cores.generator,
                    seed=bench.seed + planned.block,  # the same arrivals for all arms of a block
                    log=bench.folder.log(f"{planned.name}/generator.log"),
                )
                with load:
                    _follow(load, target, bench.cores, notes, actor, show=show)
            take(notes, target, "drained", -1)
            show("counting")
            notes.document["ledger"] = asdict(_ledger(notes.drained, target.counts()))
        finally:
            _keep_logs(target, bench.folder, planned.name)
            show("stopping")


def _follow(
    load: Load, target: Target, cores: Cores, notes: Notes, actor: Actor, *, show: Show
) -> None:
    """Sample the target at the load's marks, until it has drained."""
    mark: Mark | None = None
    show("making accounts")
    for event in load.events():
        if event.kind == "window-start":
            actor.begin(event.fields["step"])
            mark = Mark.set(notes, target, cores, event.fields["step"])
        elif event.kind == "window-end":
            assert mark is not None  # noqa: S101 - a window has a start
            notes.windows.append(mark.window(notes, target, cores, event.fields))
        elif event.kind == "progress":
            actor.progress(event.fields)
        elif event.kind == "drained":
            notes.drained = event.fields
        _show_progress(event, show)


def _show_progress(event: Event, show: Show) -> None:
    if event.kind == "progress":
        fields = event.fields
        what = "measuring" if fields["measured"] else "warming up"
        errors = f", {fields['errors']} errors" if fields["errors"] else ""
        show(f"{what} with {fields['label']}, {fields['succeeded']} ready{errors}")


def _ledger(drained: Mapping[str, Any], counts: Any) -> Ledger:
    """Return what each store holds. Of an external target only the API counts the rows."""
    if counts is None:
        rows = drained["account_submissions"]
        return Ledger(
            accepted=drained["accepted"],
            ready=drained["succeeded"],
            answers_lost=drained["answers_lost"],
            rows=rows,
            rows_succeeded=None,
            rows_failed=None,
            results=None,
        )
    return Ledger(
        accepted=drained["accepted"],
        ready=drained["succeeded"],
        answers_lost=drained["answers_lost"],
        rows=counts.rows,
        rows_succeeded=counts.states.get("succeeded", 0),
        rows_failed=counts.states.get("failed", 0),
        results=counts.results,
    )


def _keep_logs(target: Target, folder: ResultsFolder, name: str) -> None:
    """Keep the ends of the logs: PostgreSQL's has a line for each statement that was counted."""
    if isinstance(target, CollectsLogs):
        target.collect_logs()
    for log in sorted((target.run_dir / "logs").glob("*.log")):
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - KEPT_LOG_BYTES))
            folder.log(f"{name}/{log.name}").write_bytes(file.read())
