"""The types of `growth.json`: what a request costs by the number of stored submissions."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec

from benchmarks.results_model.base import Amount, Architecture, Model, Number, about
from benchmarks.results_model.figures import Ratio
from benchmarks.results_model.reading import UnreadableResults

GROWTH_VERSION = 1
ARCHITECTURES = ("monolith", "microservices")


class UnreadableGrowth(UnreadableResults):
    """A document that is missing or invalid; the text is one sentence."""


class SizeCost(Model):
    """What one call costs with so many submissions in the database."""

    rows: Annotated[Number, about("Submissions that were inserted.")]
    cpu_ms: Annotated[
        Amount, about("CPU-ms of all processes for one call: the blocks' arithmetic mean.")
    ]
    blocks: Annotated[Sequence[Amount], about("The value of each block.")]
    ratio: Annotated[Ratio, about("To the cost with the fewest rows, within each block.")]


class GrowthKind(Model):
    """One kind of request, or a flow of requests."""

    name: Annotated[str, about("As `deep-list`.")]
    title: Annotated[str, about("In words.")]
    calls: Annotated[Number, about("Calls in each block.")]
    sides: Annotated[Mapping[Architecture, Sequence[SizeCost]], about("By architecture and size.")]


class GrowthRun(Model):
    """The run."""

    id: Annotated[str, about("Name of its folder.")]
    seed: Annotated[int, about("Of the random order.")]
    blocks: Annotated[Number, about("As planned.")]
    started_at: Annotated[str, about("UTC.")]
    finished_at: Annotated[str, about("UTC.")]


class GrowthDocument(Model):
    """The document."""

    growth_version: Annotated[int, about("Version of this form.")]
    run: Annotated[GrowthRun, about("What was run.")]
    environment: Annotated[Mapping[str, Any], about("Machine, versions and commit.")]
    sizes: Annotated[Sequence[Number], about("Rows of the sizes, the fewest first.")]
    first_count_seconds: Annotated[
        Mapping[Architecture, Sequence[Amount]],
        about("Seconds of the first GET /account after the rows were inserted, by size."),
    ]
    kinds: Annotated[Sequence[GrowthKind], about("In the order of measuring.")]


def read_growth(path: Path) -> GrowthDocument:
    """Read a document. Raises UnreadableGrowth for one that is missing or invalid."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=GrowthDocument)
    except OSError as error:
        raise UnreadableGrowth(f"{path} can't be read: {error.strerror}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableGrowth(f"{path} is no growth document: {error}.") from error
    if found.growth_version != GROWTH_VERSION:
        raise UnreadableGrowth(
            f"{path} is of version {found.growth_version}; this code reads {GROWTH_VERSION}. "
            "Run make growth again."
        )
    return found
