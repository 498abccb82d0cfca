"""A trial's raw files, read back and measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.analysis.accounting import Ledger
from benchmarks.analysis.saturation import Saturation
from benchmarks.analysis.trials import (
    Call,
    Level,
    Window,
    is_disturbed,
    measure,
    saturation,
    void_reasons,
)
from benchmarks.analysis.usage import Reading
from benchmarks.experiments.engine.folder import Marked, ResultsFolder, read_readings
from benchmarks.workload.rows import read_rows


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial as measured. `void` says why it doesn't count; empty if it does."""

    document: dict[str, Any]
    levels: tuple[Level, ...]
    calls: tuple[tuple[Call, ...], ...]  # of each level's window
    rest: tuple[Reading, ...]
    ledger: Ledger | None
    saturation: Saturation
    void: tuple[str, ...]
    disturbed: bool

    @property
    def capacity(self) -> float | None:
        """Submissions a second, where the trial is saturated and was left alone."""
        return None if self.disturbed else self.saturation.capacity

    @property
    def name(self) -> str:
        """The trial's name."""
        return str(self.document["name"])

    @property
    def arm(self) -> str:
        """Which arm it is a trial of."""
        return str(self.document["arm"])

    @property
    def block(self) -> int:
        """Which block it belongs to."""
        return int(self.document["block"])

    @property
    def counted(self) -> bool:
        """Whether its figures may be used."""
        return not self.void


def load_trials(folder: ResultsFolder) -> list[Trial]:
    """Read all trials of a run, in the order of running."""
    return [_load(folder, path) for path in folder.trials()]


def _load(folder: ResultsFolder, path: Path) -> Trial:
    document = folder.read_json(f"raw/{path.name}/trial.json")
    readings = list(read_readings(path / "readings.csv.gz"))
    calls = _calls(path / "rows.csv.gz")
    windows = [_window(described, readings) for described in document["windows"]]
    levels = tuple(measure(window, calls) for window in windows)
    ledger = Ledger(**document["ledger"]) if "ledger" in document else None
    void = [str(document["problem"])] if document["problem"] else []
    if ledger is not None:
        void += void_reasons(levels, ledger)
    elif not void:
        void.append("the trial was not counted to its end")
    return Trial(
        document=document,
        levels=levels,
        calls=tuple(
            tuple(call for call in calls if window.start <= call.ended_at < window.end)
            for window in windows
        ),
        rest=tuple(it.reading for it in readings if it.mark == "rest"),
        ledger=ledger,
        saturation=saturation(levels),
        void=tuple(void),
        disturbed=is_disturbed(levels, target_cores=len(document["target_cores"])),
    )


def _calls(rows: Path) -> list[Call]:
    if not rows.exists():
        return []
    return [Call(it.name, it.ended_at, it.latency_ms, bool(it.error)) for it in read_rows(rows)]


def _window(described: dict[str, Any], readings: Sequence[Marked]) -> Window:
    users = described["users"]

    def at(mark: str) -> list[Reading]:
        return [it.reading for it in readings if it.mark == mark and it.users == users]

    return Window(
        users=users,
        start=described["started_at"],
        end=described["ended_at"],
        before=at("before"),
        after=at("after"),
        generator_share=described["generator_share"],
        harness_share=described["harness_share"],
        lag_p99_ms=described["lag_p99_ms"],
        steal_share=described["steal_share"],
        core_busy_seconds=described["core_busy_seconds"],
    )
