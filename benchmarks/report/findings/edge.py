"""The page on the edge: what it costs to send files and images from the application."""

from collections.abc import Mapping
from typing import Any

from benchmarks.report.edge.figures import cpu_bars, visits_of
from benchmarks.report.findings.claims import by_name
from benchmarks.report.findings.errors import require
from benchmarks.results_model.edge import EdgeResults, Visits

ARCHITECTURES = ("monolith", "microservices")
WAYS = ("application", "edge")
FIRST, RETURN, IMAGE = "first visit", "return visit", "image"
KINDS = (FIRST, RETURN, IMAGE)
BUSY = 4  # connections of the requests a second


def context(edge: EdgeResults) -> dict[str, Any]:
    """Return what the template needs of the results."""
    (sweep,) = edge.sweeps
    found: dict[tuple[str, str, str, int], Visits] = {
        (it.architecture, it.kind, it.way, it.connections): it
        for it in sweep.visits
        if it.cpu_ms is not None
    }
    require(
        "architectures that were visited",
        shown=sorted({architecture for architecture, *_ in found}),
        assumed=sorted(ARCHITECTURES),
    )
    sizes: dict[tuple[str, str], int] = {
        (it.way, it.coding): it.page + it.assets for it in sweep.codings
    }
    return {
        "claims": by_name(edge.claims),
        "blocks": sweep.blocks,
        "rows": [
            (architecture, kind, *(found[architecture, kind, way, 1] for way in WAYS))
            for architecture in ARCHITECTURES
            for kind in KINDS
        ],
        "busy": [
            (architecture, kind, *(found[architecture, kind, way, BUSY] for way in WAYS))
            for architecture in ARCHITECTURES
            for kind in (FIRST, IMAGE)
        ],
        "first": {way: found["monolith", FIRST, way, 1] for way in WAYS},
        "again": found["monolith", RETURN, "edge", 1],
        "codings": [
            (coding, *(sizes.get((way, coding)) for way in WAYS))
            for coding in ("identity", "gzip", "zstd", "br")
        ],
        "saved": _saved(sizes),
    }


def _saved(sizes: Mapping[tuple[str, str], int]) -> float:
    """Return the share of the bytes of a first visit that Brotli saves from the edge."""
    return 1 - sizes["edge", "br"] / sizes["edge", "identity"]


def figure(edge: EdgeResults) -> str:
    """Draw where the CPU time of a first visit and of an image goes, on the monolith."""
    (sweep,) = edge.sweeps
    drawn: list[Visits] = visits_of(sweep, "monolith", FIRST, IMAGE)
    return cpu_bars(
        drawn,
        name="findings-edge",
        title="CPU-ms of a first visit and of an image, from the edge and from the application",
        names_kinds=True,
    )
