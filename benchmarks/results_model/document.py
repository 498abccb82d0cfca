"""The whole results document: what was run, on what, and what was found."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal

from msgspec import Raw

from benchmarks.results_model.base import Amount, Count, Model, about
from benchmarks.results_model.experiments import ExperimentResults

SCHEMA_VERSION: Final = 5


class Run(Model):
    """What was run."""

    id: Annotated[str, about("The results folder's name.")]
    profile: Annotated[str, about("How much was measured.")]
    seed: Annotated[Count, about("Of the order of the arms in each block, and of the arrivals.")]
    order: Annotated[Sequence[str], about("The trials as they were to be run.")]
    image: Annotated[str, about("The image that was submitted.")]
    core_shared: Annotated[bool, about("Whether the generator had the target's core.")]
    bound_per_second: Annotated[
        float | None,
        about(
            "Submissions a second, if the target's cores did nothing but the floor's work; null "
            "where no rate was a share of it."
        ),
    ]
    started_at: Annotated[str, about("UTC.")]
    resumed_at: Annotated[Sequence[str], about("When it was resumed; empty if it ran in one go.")]
    finished_at: Annotated[str | None, about("UTC; null while it runs, or if it was killed.")]
    status: Annotated[
        str, about("complete, interrupted, running (it was killed), or stopped: and why.")
    ]


class Conformance(Model, omit_defaults=True):
    """What the conformance suite reported."""

    passed: Annotated[bool, about("Whether all selected cases that weren't skipped passed.")]
    cases: Annotated[Count, about("Selected.")]
    failed: Annotated[Count, about("Of these, failed.")]
    skipped: Annotated[Count, about("Of these, skipped.")]
    seconds: Annotated[Amount, about("What it took.")]
    failures: Annotated[Sequence[str], about("Names of the cases that failed.")]
    selection: Annotated[str, about("all, or the expression that selected some of the suite.")]
    code_base: Annotated[
        str, about("What was checked: architecture, planted code, whether a function recognizes.")
    ] = ""


class Head(Model):
    """All of the document but what was found."""

    schema_version: Annotated[
        Literal[5], about("Raised when a field changes its meaning or is removed.")
    ]
    run: Annotated[Run, about("What was run.")]
    environment: Annotated[
        Mapping[str, Any], about("The machine and the versions; free in form, for people.")
    ]
    conformance: Annotated[
        Mapping[str, Conformance],
        about("One report per code base, by the arm that stood for it; empty where it wasn't run."),
    ]


class UndecodedDocument(Head):
    """The document with the results still as JSON text: their type depends on their name."""

    experiments: Mapping[str, Raw]


class ResultsDocument(Head):
    """What a run of an experiment found: derived from its raw files, drawn as report.html.

    A name that ends in `_ms` is milliseconds, in `_seconds` seconds, in `_bytes` bytes, in
    `_share` a share of 1, in `_at` a time (UTC, ISO 8601).
    """

    experiments: Mapping[str, ExperimentResults]

    @property
    def experiment(self) -> str:
        """The experiment's name."""
        (name,) = self.experiments
        return name

    @property
    def results(self) -> ExperimentResults:
        """The results of the experiment."""
        (found,) = self.experiments.values()
        return found
