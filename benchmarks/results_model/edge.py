"""Results of the edge experiment: what visits cost, by where files and images come from."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from benchmarks.results_model.base import Amount, Architecture, Count, Model, Number, about
from benchmarks.results_model.claims import JudgedClaim
from benchmarks.results_model.figures import Latency, Spread

Way = Literal["edge", "application"]
VisitKind = Literal["first visit", "return visit", "image"]
Coding = Literal["identity", "gzip", "zstd", "br"]


class VisitCpu(Model):
    """CPU-ms of one visit by group of processes; means over trials."""

    application: Annotated[Amount, about("The units' web processes.")]
    other_units: Annotated[
        Amount, about("The units' other processes: workers, sweepers. Visits give them no work.")
    ]
    edge: Annotated[Amount, about("The edge, and the DNS server beside it.")]
    backing: Annotated[Amount, about("Database, cache, object store, accounts table.")]

    @property
    def total(self) -> float:
        """The sum over all processes."""
        return self.application + self.other_units + self.edge + self.backing


class Visits(Model):
    """One kind of visit, one way, on one architecture, over so many connections."""

    architecture: Annotated[Architecture, about("That was visited.")]
    way: Annotated[Way, about("What sends the files and the images.")]
    kind: Annotated[
        VisitKind,
        about(
            "A first visit requests the page and all of its assets; a return visit the page alone, "
            "which has not changed (304); an image is one stored image."
        ),
    ]
    connections: Annotated[Number, about("At once; each sends on after the last response.")]
    trials: Annotated[Count, about("That count.")]
    visits: Annotated[Count, about("In all their windows.")]
    requests: Annotated[Amount | None, about("Of one visit.")]
    cpu_ms: Annotated[VisitCpu | None, about("Of one visit; null where nothing was measured.")]
    requests_per_second: Annotated[Spread, about("By trial.")]
    latency_ms: Annotated[Latency, about("Of whole visits, all trials together.")]
    wire_bytes: Annotated[
        Mapping[str, float],
        about("Of one visit, headers included, by kind of file: page, asset, image."),
    ]
    generator_share: Annotated[
        Amount | None,
        about(
            "The most that the generator used of its core. Where it is near 1, the requests a "
            "second are the generator's limit."
        ),
    ]


class CodingBytes(Model):
    """Bytes on the connection of one first visit whose client accepts one coding alone."""

    way: Annotated[Way, about("What sends the files.")]
    coding: Annotated[Coding, about("The accepted one.")]
    page: Annotated[Count, about("Of the page, headers included.")]
    assets: Annotated[Count, about("Of all its assets, headers included.")]


class EdgeSweep(Model):
    """The visits of a run."""

    name: Annotated[str, about("Unique within the run.")]
    title: Annotated[str, about("The title in the report.")]
    blocks: Annotated[Number, about("As planned.")]
    visits: Annotated[Sequence[Visits], about("Each kind, each way, on each architecture.")]
    codings: Annotated[
        Sequence[CodingBytes], about("Of the first trial that counts; they don't vary.")
    ]


class EdgeTrial(Model):
    """One trial, and whether it counts."""

    name: Annotated[str, about("Its name, and that of its folder.")]
    sweep: Annotated[str, about("Of which sweep.")]
    block: Annotated[Number, about("Of which block.")]
    arm: Annotated[str, about("Of which arm.")]
    started_at: Annotated[str, about("ISO 8601, UTC.")]
    seconds: Annotated[Amount, about("From deploying to the end.")]
    deploy_seconds: Annotated[Amount | None, about("Of these, until the target was ready.")]
    void: Annotated[Sequence[str], about("Reasons why it doesn't count.")]
    disturbed: Annotated[bool, about("Whether other work used the target's cores meanwhile.")]
    first_way: Annotated[Way | None, about("The way that was measured first.")]


class EdgeResults(Model, tag_field="experiment", tag="edge"):
    """The page, its assets and stored images from the edge, against from the application."""

    title: Annotated[str, about("The experiment's title.")]
    claims: Annotated[Sequence[JudgedClaim], about("A block's sides are means over the arms.")]
    sweeps: Annotated[Sequence[EdgeSweep], about("In the order of running.")]
    trials: Annotated[Sequence[EdgeTrial], about("In the order of running.")]
