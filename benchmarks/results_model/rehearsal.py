"""The types of a rehearsal's document: what was done on an engine, and what clients saw of it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from benchmarks.results_model.base import Architecture, Model, about
from benchmarks.results_model.reading import UnreadableResults

REHEARSAL_VERSION = 2
Engine = Literal["compose", "kubernetes"]
Kind = Literal[
    "releases",
    "never ready",
    "wrong responses",
    "kill",
    "restart",
    "cordon",
    "queue",
    "evict",
    "order",
    "load",
    "contract",
]


class UnreadableRehearsal(UnreadableResults):
    """A document that is missing or invalid; the text is one sentence."""


class Workers(Model):
    """So many workers were ready, from this time on."""

    at_seconds: Annotated[float, about("Since the first submission of the queue.")]
    count: Annotated[int, about("Ready pods.")]


class RehearsedStep(Model):
    """One step, under light load, with its figures."""

    kind: Annotated[Kind, about("What was done.")]
    subject: Annotated[str, about("To which unit, process or service; empty for all.")]
    figures: Annotated[
        Mapping[str, float | str], about("By name, with the unit in the name: `away, s`.")
    ]
    workers: Annotated[Sequence[Workers], about("Where a queue scaled them.")]
    problems: Annotated[Sequence[str], about("A sentence for each thing not as guaranteed.")]


class RehearsalDocument(Model):
    """The document."""

    rehearsal_version: Annotated[int, about("Version of this form.")]
    engine: Annotated[Engine, about("The container engine.")]
    architecture: Annotated[Architecture, about("What was deployed.")]
    started_at: Annotated[str, about("UTC.")]
    finished_at: Annotated[str, about("UTC.")]
    environment: Annotated[Mapping[str, Any], about("Machine, versions and commit.")]
    ready_seconds: Annotated[float, about("From nothing but the images to ready.")]
    steps: Annotated[Sequence[RehearsedStep], about("In the order in which they were taken.")]

    def of(self, kind: Kind) -> list[RehearsedStep]:
        """Return the steps of a kind."""
        return [step for step in self.steps if step.kind == kind]

    def total(self, figure: str) -> float:
        """Return the sum of a figure over the steps that have it."""
        found = [step.figures.get(figure, 0) for step in self.steps]
        return sum(value for value in found if not isinstance(value, str))


def read_rehearsal(path: Path) -> RehearsalDocument:
    """Read a document. Raises UnreadableRehearsal for one that is missing or invalid."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=RehearsalDocument)
    except OSError as error:
        raise UnreadableRehearsal(f"{path} can't be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableRehearsal(f"{path} is no document of a rehearsal: {error}.") from error
    if found.rehearsal_version != REHEARSAL_VERSION:
        raise UnreadableRehearsal(
            f"{path} is of version {found.rehearsal_version}; this code reads {REHEARSAL_VERSION}. "
            "Rehearse again."
        )
    return found
