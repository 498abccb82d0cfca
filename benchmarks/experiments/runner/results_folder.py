"""A results folder: what a run writes while it goes, and what the report is drawn from.

Written, and never changed afterwards:

* run.json: profile, seed, sweeps, order, status; written first and last
* environment.json: the machine and the versions
* conformance.json: one proof per arm
* raw/<trial>/: trial.json (windows, accounting), readings.csv.gz, rows.csv.gz
* logs/: of the generator, the conformance suite and every process of the target

`results.json` and `report.html` are derived from these, and can be redrawn at any time. Of a packed
run (`benchmarks.pack`) all but the logs are in one file, `raw.zip`, and are only read.
"""

import csv
import gzip
import json
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from benchmarks.analysis.usage import Part, Reading
from benchmarks.experiments.runner.errors import FolderError
from benchmarks.json_layout import lay_out
from benchmarks.raw_files import PackError, entries, is_packed, open_raw

RAW_VERSION = 2
COMPARISON = "comparison.json"  # of the folder that holds the folders of several experiments
READING_COLUMNS = (
    *("mark", "step", "at", "role", "unit", "process", "pid", "cpu_ms", "memory_bytes"),
)


@dataclass(frozen=True, slots=True)
class Marked:
    """A reading with the moment of the trial that it belongs to: rest, before, after, drained.

    `step` is the step's index; -1 outside of any.
    """

    mark: str
    step: int
    reading: Reading


class ResultsFolder:
    """One run's folder."""

    def __init__(self, path: Path, files: Traversable | None = None) -> None:
        """Take the folder, and the root of its raw files where that isn't the folder itself."""
        self.path = path
        self.files: Traversable = path if files is None else files

    @property
    def is_packed(self) -> bool:
        """Whether its raw files are read from a pack."""
        return self.files is not self.path

    @classmethod
    def create(cls, parent: Path, *, profile: str) -> "ResultsFolder":
        """Make a new folder, named for the time (UTC) and the profile."""
        return cls.begin(parent / name_of_run(profile))

    @classmethod
    def begin(cls, path: Path) -> "ResultsFolder":
        """Make a new folder at `path`."""
        (path / "raw").mkdir(parents=True)
        (path / "logs").mkdir()
        return cls(path)

    @classmethod
    def open(cls, path: Path) -> "ResultsFolder":
        """Open the folder of an earlier run; FolderError if it isn't one that can be read."""
        try:
            folder = cls(path, open_raw(path))
        except PackError as error:
            raise FolderError(str(error)) from error
        if not (folder.files / "run.json").is_file():
            raise FolderError(f"{path} is not a results folder: it holds no run.json.")
        version = folder.read_json("run.json").get("raw_version")
        if version != RAW_VERSION:
            raise FolderError(
                f"{path} was written in version {version} of the raw format; "
                f"this code reads version {RAW_VERSION}. Check out the commit that its "
                "environment.json names to redraw it."
            )
        return folder

    @classmethod
    def open_unpacked(cls, path: Path) -> "ResultsFolder":
        """Open the folder of a run that is to go on; FolderError also for a packed one."""
        refuse_packed(path)
        return cls.open(path)

    def write_json(self, name: str, document: Any) -> None:
        """Write a document whole or not at all."""
        target = self.path / name
        draft = target.with_suffix(".draft")
        draft.write_text(lay_out(document), encoding="utf-8")
        draft.replace(target)

    def read_json(self, name: str) -> Any:
        """Read a document; FolderError if it is missing or broken."""
        path = self.files.joinpath(*name.split("/"))
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise FolderError(f"{path} can't be read: {error}.") from error

    def log(self, name: str) -> Path:
        """Return the path of a log; make its folder."""
        path = self.path / "logs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def trial(self, name: str) -> Path:
        """Return the folder of a trial's raw files; make it."""
        path = self.path / "raw" / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def trials(self) -> list[Traversable]:
        """Return the trials that have been written to their end, in the order of running."""
        return [it for it in entries(self.files / "raw") if (it / "trial.json").is_file()]


def name_of_run(profile: str) -> str:
    """Return the name of a run that begins now: the time (UTC) and the profile."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{profile}"


def run_id(path: Path) -> str:
    """Return the id of the run in a folder; within a comparison, the comparison's name leads."""
    path = path.resolve()
    is_member = (path.parent / COMPARISON).is_file()
    return f"{path.parent.name}/{path.name}" if is_member else path.name


def refuse_packed(path: Path) -> None:
    """Raise FolderError for a folder whose raw files are packed: nothing can be added to it."""
    if is_packed(path):
        raise FolderError(
            f"{path} is packed, and only a complete run is: there is nothing to go on with. "
            f"Its report is redrawn by `make report RESULTS={path}`."
        )


def write_readings(path: Path, readings: Iterable[Marked]) -> None:
    """Write a trial's readings, gzipped."""
    with gzip.open(path, "wt", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(READING_COLUMNS)
        for marked in readings:
            reading, process = marked.reading, marked.reading.part
            lines.writerow(
                (
                    *(marked.mark, marked.step, f"{reading.at:.6f}", process.role, process.unit),
                    *(process.process, reading.pid),
                    *(f"{reading.cpu_ms:.3f}", reading.memory_bytes),
                )
            )


def read_readings(path: Traversable) -> Iterator[Marked]:
    """Read a trial's readings back."""
    with path.open("rb") as stored, gzip.open(stored, "rt", newline="", encoding="utf-8") as file:
        lines = csv.reader(file)
        if tuple(next(lines, ())) != READING_COLUMNS:
            raise FolderError(f"{path} has other columns than this version writes.")
        for mark, step, at, role, unit, process, pid, cpu_ms, memory in lines:
            reading = Reading(
                at=float(at),
                part=Part(role, unit, process),
                pid=int(pid),
                cpu_ms=float(cpu_ms),
                memory_bytes=int(memory),
            )
            yield Marked(mark, int(step), reading)


def compress(path: Path) -> Path:
    """Replace a file by its gzipped self."""
    packed = path.with_name(path.name + ".gz")
    with path.open("rb") as plain, gzip.open(packed, "wb") as file:
        shutil.copyfileobj(plain, file)
    path.unlink()
    return packed
