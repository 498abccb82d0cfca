"""One trial: a fresh deploy with empty stores, loaded in rising levels, counted, and torn down."""

import os
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from benchmarks.analysis.accounting import Ledger
from benchmarks.analysis.usage import Part, Reading
from benchmarks.experiments.engine.blocks import Planned
from benchmarks.experiments.engine.cores import Cores, CoreTimes, read_core_times
from benchmarks.experiments.engine.folder import Marked, ResultsFolder, compress, write_readings
from benchmarks.experiments.engine.generator import Event, Generator
from benchmarks.workload.schedule import Schedule


class Sample(Protocol):
    """One process of a target at one moment; `benchmarks.targets.ProcessSample` is one."""

    process: str
    unit: str
    role: Any
    pid: int
    cpu_ms: float
    pss_bytes: int


class Counts(Protocol):
    """What a target holds; `benchmarks.targets.Counts` is one."""

    rows: int
    states: Mapping[str, int]
    results: int


class Target(Protocol):
    """A deployed system, as far as a trial needs it."""

    @property
    def base_url(self) -> str:
        """Where it answers."""

    @property
    def run_dir(self) -> Path:
        """Where its logs are."""

    def sample(self) -> list[Any]:
        """Read CPU and memory of every process."""

    def counts(self) -> Any:
        """Count what it holds."""


Deploy = Callable[..., AbstractContextManager[Target]]
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Bench:
    """What all trials of a run have in common."""

    folder: ResultsFolder
    cores: Cores
    schedule: Schedule
    image: Path
    settings: Mapping[str, str]
    run_dir: Path
    deploy: Deploy


@dataclass(slots=True)
class _Notes:
    """What a trial writes down while it goes."""

    readings: list[Marked] = field(default_factory=list)
    windows: list[dict[str, Any]] = field(default_factory=list)
    drained: dict[str, Any] = field(default_factory=dict)


def run_trial(bench: Bench, planned: Planned, *, tell: Tell) -> None:
    """Run one trial and write its raw files. A trial that fails is written with its problem."""
    began, started = time.monotonic(), datetime.now(UTC)
    place = bench.folder.trial(planned.name)
    notes = _Notes()
    document: dict[str, Any] = {
        **asdict(planned),
        "name": planned.name,
        "started_at": started.isoformat(timespec="seconds"),
        "load_average": os.getloadavg(),
        "problem": None,
    }
    try:
        _measure(bench, planned, notes, document, place=place, tell=tell)
    except KeyboardInterrupt:
        document["problem"] = "interrupted"
        raise
    except Exception as error:  # noqa: BLE001 - one bad trial must not end the run
        document["problem"] = f"{type(error).__name__}: {error}"
    finally:
        document |= {
            "seconds": round(time.monotonic() - began, 3),
            "target_cores": sorted(bench.cores.target),
            "windows": notes.windows,
            "drained": notes.drained,
        }
        write_readings(place / "readings.csv.gz", notes.readings)
        if (place / "rows.csv").exists():
            compress(place / "rows.csv")
        bench.folder.write_json(f"raw/{planned.name}/trial.json", document)


def _measure(
    bench: Bench,
    planned: Planned,
    notes: _Notes,
    document: dict[str, Any],
    *,
    place: Path,
    tell: Tell,
) -> None:
    tell("deploying")
    began = time.monotonic()
    with bench.deploy(
        planned.arm,
        run_dir=bench.run_dir / planned.arm,
        settings=dict(bench.settings),
        cores=bench.cores.target,
    ) as target:
        document["deploy_seconds"] = round(time.monotonic() - began, 3)
        try:
            take(notes, target, "rest", 0)
            generator = Generator(
                base_url=target.base_url,
                schedule=bench.schedule,
                rows=place / "rows.csv",
                image=bench.image,
                core=bench.cores.generator,
                log=bench.folder.log(f"{planned.name}/generator.log"),
            )
            with generator:
                _follow(generator, target, bench.cores, notes, tell=tell)
            take(notes, target, "drained", 0)
            tell("counting")
            document["ledger"] = asdict(_ledger(notes.drained, target.counts()))
        finally:
            _keep_logs(target, bench.folder, planned.name)
            tell("stopping")


def _follow(
    generator: Generator, target: Target, cores: Cores, notes: _Notes, *, tell: Tell
) -> None:
    """Sample the target at the generator's marks, until it has drained."""
    own_cpu, times, began = 0.0, CoreTimes(0.0, 0.0), 0.0
    tell("making accounts")
    for event in generator.events():
        if event.kind == "window-start":
            own_cpu, times = time.process_time(), read_core_times(cores.target)
            began = take(notes, target, "before", event.fields["users"])
        elif event.kind == "window-end":
            now = read_core_times(cores.target)
            ended = take(notes, target, "after", event.fields["users"])
            elapsed = ended - began
            notes.windows.append(
                {
                    "users": event.fields["users"],
                    "started_at": began,
                    "ended_at": ended,
                    "generator_share": event.fields["cpu_share"],
                    "harness_share": (time.process_time() - own_cpu) / elapsed,
                    "lag_p99_ms": event.fields["lag_p99_ms"],
                    "lag_max_ms": event.fields["lag_max_ms"],
                    "core_busy_seconds": now.busy - times.busy,
                    "steal_share": (now.stolen - times.stolen) / elapsed / len(cores.target),
                }
            )
        elif event.kind == "drained":
            notes.drained = event.fields
        _tell_progress(event, tell)


def _tell_progress(event: Event, tell: Tell) -> None:
    if event.kind == "progress":
        fields = event.fields
        what = "measuring" if fields["measured"] else "warming up"
        users = f"{fields['users']} user" + ("s" if fields["users"] != 1 else "")
        errors = f", {fields['errors']} errors" if fields["errors"] else ""
        tell(f"{what} with {users}, {fields['succeeded']} ready{errors}")


def take(notes: _Notes, target: Target, mark: str, users: int) -> float:
    """Read every process of the target; returns when."""
    at = time.monotonic()
    for sample in target.sample():
        part = Part(str(sample.role), sample.unit, sample.process)
        reading = Reading(at, part, sample.pid, sample.cpu_ms, sample.pss_bytes)
        notes.readings.append(Marked(mark, users, reading))
    return at


def _ledger(drained: Mapping[str, Any], counts: Counts) -> Ledger:
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
    for log in sorted((target.run_dir / "logs").glob("*.log")):
        shutil.copyfile(log, folder.log(f"{name}/{log.name}"))
