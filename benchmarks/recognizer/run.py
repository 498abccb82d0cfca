"""Run all measurements of the recognizer; the document grows with each of them."""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from benchmarks.experiments.runner.cores import Cores, pin
from benchmarks.experiments.runner.environment import describe, pins
from benchmarks.recognizer import summary
from benchmarks.recognizer.contenders import contender_blocks
from benchmarks.recognizer.images import known_faces, make_image
from benchmarks.recognizer.plan import COMPARED, POOLS, SIZES
from benchmarks.recognizer.pools import pool_blocks
from benchmarks.recognizer.probes import image_blocks
from benchmarks.recognizer.waiting import waiting_blocks
from benchmarks.results_model.base import Model
from benchmarks.results_model.recognizer import RECOGNIZER_VERSION, NamedRatio, RecognizerResults

LOCK = Path(__file__).with_name("thumbor_environment") / "requirements.txt"
THUMBOR_PACKAGES = ("thumbor", "opencv-python-headless", "pillow")


def measure(
    *, blocks: int, cores: Cores, run_dir: Path, report: Callable[[str], None]
) -> Iterator[RecognizerResults]:
    """Measure everything; yield the document after each part, with what there is by then.

    `report` takes a line for each part that begins. The parts that need one core have the target's;
    probes with two threads and the pools have all. Raises RecognizerError, and what `deploy`
    raises.
    """
    document = _begun(blocks, cores)
    every = sorted(os.sched_getaffinity(0))
    run_dir.mkdir(parents=True, exist_ok=True)
    files = {size.name: _written(run_dir / f"{size.height}.jpg", size.name) for size in SIZES}
    report(f"Time per image: {len(SIZES)} sizes, {blocks} blocks.")
    images, thread_ratios = summary.image_times(image_blocks(files, every, blocks), files)
    document = _with(document, thread_ratios, images=images)
    yield document
    report(f"Celery pools: {len(POOLS)} at {COMPARED.name}.")
    pools, pool_ratios = summary.pool_times(
        pool_blocks(files[COMPARED.name], POOLS, run_dir / "pools", every, blocks), POOLS
    )
    document = _with(document, pool_ratios, pools=pools)
    yield document
    pin({cores.generator})
    report("Beside thumbor.")
    contenders, contender_ratios = summary.contenders(
        contender_blocks(files[COMPARED.name], run_dir / "thumbor", cores.target, blocks)
    )
    document = _with(document, contender_ratios, contenders=contenders)
    yield document
    report("Where recognition is waited for.")
    waiting, waiting_ratios = summary.throughputs(waiting_blocks(cores.target, blocks))
    yield _with(document, waiting_ratios, waiting=waiting)


def _begun(blocks: int, cores: Cores) -> RecognizerResults:
    """Return the document as nothing is measured yet."""
    began, environment = datetime.now(UTC).isoformat(timespec="seconds"), describe(cores)
    versions = {f"thumbor_{name}": it for name, it in _thumbor_versions().items()}
    return RecognizerResults(
        recognizer_version=RECOGNIZER_VERSION,
        measured_at=began,
        blocks=blocks,
        known_faces=known_faces(),
        environment={**environment, "versions": {**environment["versions"], **versions}},
        images=[],
        pools=[],
        contenders=[],
        waiting=[],
        ratios=[],
    )


def _with(
    document: RecognizerResults, ratios: Sequence[NamedRatio], **parts: Sequence[Model]
) -> RecognizerResults:
    """Return the document with a further part and its ratios."""
    return msgspec.structs.replace(document, ratios=[*document.ratios, *ratios], **parts)


def _written(path: Path, name: str) -> Path:
    (size,) = (it for it in SIZES if it.name == name)
    path.write_bytes(make_image(size))
    return path


def _thumbor_versions() -> dict[str, str]:
    return pins(LOCK.read_text(encoding="utf-8"), THUMBOR_PACKAGES)
