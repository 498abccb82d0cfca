"""A trial as measured, from its raw files."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources.abc import Traversable
from typing import Any

from benchmarks.analysis.accounting import Ledger
from benchmarks.analysis.saturation import Saturation
from benchmarks.analysis.trials import Call, Level, Window, measure, opened, saturation, timed
from benchmarks.analysis.usage import Reading
from benchmarks.analysis.validity import (
    generator_reasons,
    is_disturbed,
    visit_reasons,
    void_reasons,
)
from benchmarks.experiments.runner.process_counter import PROCESSES
from benchmarks.experiments.runner.results_folder import Marked, ResultsFolder, read_readings
from benchmarks.workload.rows import read_rows
from benchmarks.workload.schedule import Schedule, Step


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial as measured. `void` holds the reasons why it doesn't count; empty if it does."""

    document: dict[str, Any]
    levels: tuple[Level, ...]
    calls: tuple[Call, ...]
    rest: tuple[Reading, ...]
    ledger: Ledger | None
    saturation: Saturation
    void: tuple[str, ...]
    disturbed: bool
    disturbed_arrivals: bool = False  # whether the window of the highest rate of arrivals was

    @property
    def capacity(self) -> float | None:
        """Submissions a second, where the trial is saturated and was left alone."""
        return None if self.disturbed else self.saturation.capacity

    @property
    def name(self) -> str:
        """The trial's name."""
        return str(self.document["name"])

    @property
    def sweep(self) -> str:
        """The sweep that it belongs to."""
        return str(self.document["sweep"])

    @property
    def arm(self) -> str:
        """The arm that it is a trial of."""
        return str(self.document["arm"])

    @property
    def block(self) -> int:
        """The block that it belongs to."""
        return int(self.document["block"])

    def timed(self, level: Level) -> list[Call]:
        """Return the calls whose latency counts for the level."""
        return timed(level.window, self.calls)

    @property
    def counted(self) -> bool:
        """Whether its figures are used."""
        return not self.void


def load_trials(folder: ResultsFolder) -> list[Trial]:
    """Read all trials of a run, in the order of running."""
    return [load_trial(folder, path) for path in folder.trials()]


def load_trial(folder: ResultsFolder, path: Traversable) -> Trial:
    """Read one trial and measure it."""
    document = folder.read_json(f"raw/{path.name}/trial.json")
    seen = (path / "readings.csv.gz").is_file()
    readings = list(read_readings(path / "readings.csv.gz")) if seen else []
    calls = _calls(path / "rows.csv.gz")
    steps = Schedule.from_json(document["steps"]).steps
    windows = [_window(described, steps, readings) for described in document["windows"]]
    levels = tuple(measure(window, calls, seen=seen) for window in windows)
    watched = _watched(levels, document) if seen else ()
    cores = len(document["target_cores"])
    fastest = max(opened(watched), key=lambda level: level.window.rate, default=None)
    ledger = Ledger(**document["ledger"]) if "ledger" in document else None
    return Trial(
        document=document,
        levels=levels,
        calls=tuple(calls),
        rest=tuple(it.reading for it in readings if it.mark == "rest"),
        ledger=ledger,
        saturation=saturation(levels),
        void=tuple(_void(document, levels, ledger)),
        disturbed=is_disturbed(watched, target_cores=cores),
        disturbed_arrivals=fastest is not None and is_disturbed([fastest], target_cores=cores),
    )


def _watched(levels: Sequence[Level], document: dict[str, Any]) -> Sequence[Level]:
    """Return the levels with the CPU that other work used, as far as it is known.

    A release's command (migrations) is in no reading, and would look like other work on the
    target's core: so what is known of a trial with releases is the generator's core, and what the
    hypervisor took. So it is where processes came and went by themselves, and with them what they
    had used.
    """
    if not any({"unit", PROCESSES} & note.keys() for note in document["actions"]):
        return levels
    return [replace(level, foreign_cores=0.0) for level in levels]


def _void(document: dict[str, Any], levels: Sequence[Level], ledger: Ledger | None) -> list[str]:
    found = [str(document["problem"])] if document["problem"] else []
    found += [note["problem"] for note in document["actions"] if "problem" in note]
    if ledger is None:
        return found or ["the trial was not counted to its end"]
    drift = document["drained"].get("wall_drift_ms") or 0.0
    if any("fault" in note for note in document["actions"]):
        return found + generator_reasons(levels, wall_drift_ms=drift)
    if any("way" in window for window in document["windows"]):
        busy = {it["step"] for it in document["windows"] if it["connections"] > 1}
        return found + visit_reasons(levels, ledger, busy=busy, wall_drift_ms=drift)
    if any("part" in window for window in document["windows"]):
        # The client is in the harness; it makes nothing wait that a figure counts.
        every = {it["step"] for it in document["windows"]}
        return found + visit_reasons(levels, ledger, busy=every, wall_drift_ms=drift)
    return found + void_reasons(levels, ledger, wall_drift_ms=drift)


def _calls(rows: Traversable) -> list[Call]:
    if not rows.is_file():
        return []
    return [
        Call(
            name=it.name,
            intended_at=it.intended_at,
            ended_at=it.ended_at,
            latency_ms=(it.ended_at - it.intended_at) * 1000,
            failed=bool(it.error),
            step=it.step,
            measured=it.phase == "window",
            submission_id=it.submission_id,
        )
        for it in read_rows(rows)
    ]


def _window(described: dict[str, Any], steps: Sequence[Step], readings: Sequence[Marked]) -> Window:
    index = described["step"]
    step = steps[index]

    def at(mark: str) -> list[Reading]:
        return [it.reading for it in readings if it.mark == mark and it.step == index]

    return Window(
        step=index,
        users=step.users,
        rate=step.rate,
        start=described["started_at"],
        end=described["ended_at"],
        before=at("before"),
        after=at("after"),
        generator_share=described["cpu_share"],
        harness_share=described["harness_share"],
        apart_share=described.get("apart_share", 0.0),  # earlier runs deployed nothing apart
        lag_p99_ms=described["lag_p99_ms"],
        lag_max_ms=described["lag_max_ms"],
        steal_share=described["steal_share"],
        core_busy_seconds=described["core_busy_seconds"],
        beside_busy_seconds=described["beside_busy_seconds"],
        offered=described["offered"],
        started=described["started"],
        shed=described["shed"],
        counters=described["counters"],
    )
