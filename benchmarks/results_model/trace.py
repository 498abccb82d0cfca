"""The types of `trace.json`: one submission of each architecture, as a tree of spans."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec

from benchmarks.results_model.base import Amount, Architecture, Count, Model, about
from benchmarks.results_model.reading import UnreadableResults

TRACE_VERSION = 1
ARCHITECTURES = ("monolith", "microservices")


class UnreadableTrace(UnreadableResults):
    """A document that is missing or invalid; the text is one sentence."""


class TraceSpan(Model):
    """One span."""

    process: Annotated[str, about("Its type, as `monolith-web`; `client` for the client's own.")]
    name: Annotated[str, about("As the process named it.")]
    depth: Annotated[Count, about("How many spans it is within.")]
    begin_ms: Annotated[Amount, about("Since the client began the submission.")]
    duration_ms: Annotated[Amount, about("From its beginning to its end.")]


class TraceSide(Model):
    """The submissions of an architecture."""

    all_ms: Annotated[
        Sequence[Amount], about("Of each submission, until the client had the result; rising.")
    ]
    spans: Annotated[Sequence[TraceSpan], about("Of the fastest submission, by their beginnings.")]


class TraceRun(Model):
    """The run."""

    id: Annotated[str, about("Name of its folder.")]
    started_at: Annotated[str, about("UTC.")]


class TraceDocument(Model):
    """The document."""

    trace_version: Annotated[int, about("Version of this form.")]
    run: Annotated[TraceRun, about("What was run.")]
    environment: Annotated[Mapping[str, Any], about("Machine, versions and commit.")]
    sides: Annotated[Mapping[Architecture, TraceSide], about("By architecture.")]


def read_trace(path: Path) -> TraceDocument:
    """Read a document. Raises UnreadableTrace for one that is missing or invalid."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=TraceDocument)
    except OSError as error:
        raise UnreadableTrace(f"{path} can't be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableTrace(f"{path} is no trace document: {error}.") from error
    if found.trace_version != TRACE_VERSION:
        raise UnreadableTrace(
            f"{path} is of version {found.trace_version}; this code reads {TRACE_VERSION}. "
            "Run make trace again."
        )
    return found
