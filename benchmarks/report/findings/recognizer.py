"""The page on the recognizer: time per image by size, threads and pool, and beside thumbor."""

from pathlib import Path
from typing import Any

import msgspec

from benchmarks.report.findings.disturbance import is_disturbed
from benchmarks.report.findings.errors import require
from benchmarks.results_model.figures import Ratio
from benchmarks.results_model.recognizer import ImageTime, RecognizerResults

NAME = "recognizer"
SOURCE = "example-recognizer/recognizer.json"
THUMBOR = "thumbor"
ARCHITECTURES = ("monolith", "microservices")
WORKERS = 4


def read(path: Path) -> RecognizerResults:
    """Read the document. Raises msgspec.ValidationError for another one."""
    return msgspec.json.decode(path.read_bytes(), type=RecognizerResults)


def context(found: RecognizerResults) -> dict[str, Any]:
    """Return what the template needs of the document."""
    contenders = {it.name: it for it in found.contenders}
    require(
        "whether a contender finds fewer faces than thumbor",
        shown=any(contenders[it].faces < contenders[THUMBOR].faces for it in ARCHITECTURES),
        assumed=False,
    )
    load = float(found.environment["load_average_before"][0])
    return {
        "found": found,
        "blocks": found.blocks,
        "images": [it for it in found.images if it.threads == 1],
        "threads": _threads(found),
        "thumbor": contenders[THUMBOR],
        "flows": [contenders[it] for it in ARCHITECTURES],
        "latency": {it: found.ratio("latency_ms", it, THUMBOR) for it in ARCHITECTURES},
        "cpu": {it: found.ratio("cpu_ms", it, THUMBOR) for it in ARCHITECTURES},
        "is_faster": _below_one(found, "latency_ms"),
        "scaled": {
            it: found.ratio("per_second", f"{it}, {WORKERS} workers", f"{it}, 1 worker")
            for it in ARCHITECTURES
        },
        "pools": found.pools,
        "pool_ratios": [it for it in found.ratios if it.measure == "images_per_second"],
        "load": load,
        "is_disturbed": is_disturbed(found.environment),
        "source": SOURCE,
        "folder": SOURCE.rpartition("/")[0],
        "environment": found.environment,
    }


def _below_one(found: RecognizerResults, measure: str) -> bool:
    """Return whether both architectures are below thumbor with their whole intervals."""
    ends = [found.ratio(measure, it, THUMBOR).high for it in ARCHITECTURES]
    return all(end is not None and end < 1 for end in ends)


def _threads(found: RecognizerResults) -> list[tuple[ImageTime, Ratio, Ratio]]:
    """Return each size with two threads, and its ratios of time and CPU time to one thread."""
    return [
        (
            it,
            *(
                found.ratio(measure, f"{it.size}, {it.threads} threads", f"{it.size}, 1 thread")
                for measure in ("wall_ms", "cpu_ms")
            ),
        )  # type: ignore[misc]  # two of them
        for it in found.images
        if it.threads > 1
    ]
