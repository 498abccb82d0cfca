"""A comparison: several experiments, one after the other, in one folder.

Each experiment has a folder of its own within, as if it had been run alone; `comparison.json`
holds what they have in common, and `report.html` opens with the answer of each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.experiments.runner.arm_conformance import PROOFS
from benchmarks.experiments.runner.errors import FolderError
from benchmarks.experiments.runner.results_folder import (
    COMPARISON,
    ResultsFolder,
    name_of_run,
    refuse_packed,
)
from benchmarks.experiments.runner.run_record import RECORD
from benchmarks.json_layout import lay_out

COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The folder of a comparison, and what its `comparison.json` holds."""

    path: Path
    profile: str
    seed: int
    experiments: tuple[str, ...]
    started_at: str

    @classmethod
    def create(
        cls, parent: Path, *, profile: str, seed: int, experiments: Sequence[str]
    ) -> "Comparison":
        """Make a new folder, named for the time (UTC) and the profile."""
        path = parent / name_of_run(profile)
        path.mkdir(parents=True)
        began = datetime.now(UTC).isoformat(timespec="seconds")
        made = cls(path, profile, seed, tuple(experiments), began)
        document = {name: value for name, value in asdict(made).items() if name != "path"}
        (path / COMPARISON).write_text(lay_out(document), encoding="utf-8")
        return made

    @classmethod
    def open(cls, path: Path) -> "Comparison":
        """Open the folder of an earlier comparison; FolderError if its record can't be read."""
        document = ResultsFolder(path).read_json(COMPARISON)
        try:
            made = cls(path, **document)
        except TypeError as error:
            raise FolderError(f"{path / COMPARISON} has other fields than expected.") from error
        return replace(made, experiments=tuple(made.experiments))

    def folder_of(self, name: str) -> Path:
        """Return where one experiment's folder is, or will be."""
        return self.path / name

    def record_of(self, name: str) -> Mapping[str, Any] | None:
        """Return an experiment's own record; None as long as it hasn't begun."""
        path = self.folder_of(name)
        if not path.exists():
            return None
        refuse_packed(path)
        if not (path / RECORD).is_file():
            return None
        record: Mapping[str, Any] = ResultsFolder.open(path).read_json(RECORD)
        return record

    def begin(self, name: str) -> ResultsFolder:
        """Make an experiment's folder, with the proofs of conformance that the run has already."""
        folder = self.folder_of(name)
        made = ResultsFolder(folder) if folder.exists() else ResultsFolder.begin(folder)
        for earlier in self.experiments:
            proofs = self.folder_of(earlier) / PROOFS
            if earlier != name and proofs.is_file():
                made.write_json(PROOFS, ResultsFolder(self.folder_of(earlier)).read_json(PROOFS))
                break
        return made


def is_comparison(path: Path) -> bool:
    """Return whether a folder holds a comparison of several experiments."""
    return (path / COMPARISON).is_file()
