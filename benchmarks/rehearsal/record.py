"""The document of a rehearsal, from its begin on."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from benchmarks.experiments.runner.cores import split_cores
from benchmarks.experiments.runner.environment import describe
from benchmarks.experiments.runner.errors import FolderError
from benchmarks.json_layout import lay_out
from benchmarks.rehearsal.outcome import Outcome
from benchmarks.results_model.base import Architecture
from benchmarks.results_model.rehearsal import (
    REHEARSAL_VERSION,
    Engine,
    RehearsalDocument,
    RehearsedStep,
    Workers,
)


@dataclass(slots=True)
class Record:
    """What is known of a rehearsal so far."""

    engine: Engine
    architecture: Architecture
    started_at: str
    environment: dict[str, Any]
    began: float  # on the monotonic clock
    ready_seconds: float = 0.0
    outcomes: list[Outcome] = field(default_factory=list)

    @classmethod
    def begin(cls, engine: Engine, architecture: Architecture) -> "Record":
        """Return the record of a rehearsal that begins now."""
        environment = describe(split_cores(share=True))
        return cls(engine, architecture, _now(), environment, time.monotonic())

    def ready(self) -> float:
        """Note that what is rehearsed is ready; return the seconds that it took."""
        self.ready_seconds = time.monotonic() - self.began
        return self.ready_seconds

    def document(self) -> RehearsalDocument:
        """Return the document of all steps so far."""
        return RehearsalDocument(
            rehearsal_version=REHEARSAL_VERSION,
            engine=self.engine,
            architecture=self.architecture,
            started_at=self.started_at,
            finished_at=_now(),
            environment=self.environment,
            ready_seconds=self.ready_seconds,
            steps=[
                RehearsedStep(
                    kind=it.kind,
                    subject=it.subject,
                    figures=it.figures,
                    workers=[Workers(at_seconds=at, count=count) for at, count in it.workers],
                    problems=it.problems,
                )
                for it in self.outcomes
            ],
        )

    def write(self, folder: Path) -> Path:
        """Write the document as `<engine>-<architecture>.json`; return its path. FolderError."""
        make_folder(folder)
        path = folder / f"{self.engine}-{self.architecture}.json"
        try:
            path.write_text(lay_out(msgspec.to_builtins(self.document())), encoding="utf-8")
        except OSError as error:
            raise FolderError(f"{path} can't be written: {error.strerror}.") from error
        return path


def make_folder(folder: Path) -> None:
    """Make the folder of the documents, where there is none. FolderError if that can't be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(f"{folder} can't be written: {error.strerror}.") from error


def _now() -> str:
    """Return the time, UTC, in whole seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")
