"""The results as lines for the terminal."""

from collections.abc import Iterator

from benchmarks.report.formats import MIB, number
from benchmarks.results_model.figures import OverTrials
from benchmarks.results_model.recognizer import RecognizerResults


def lines(found: RecognizerResults) -> Iterator[str]:
    """Yield a line for each arm and each ratio."""
    yield "Time per image, ms: all (decoding and encoding + recognition), CPU; faces found"
    for image in found.images:
        parts = f"{_mean(image.normalize_ms)} + {_mean(image.recognize_ms)}"
        yield (
            f"  {image.size}, {image.threads} thread{'s' * (image.threads > 1)}: "
            f"{_mean(image.wall_ms)} ({parts}), {_mean(image.cpu_ms)}; {image.faces}"
        )
    yield "Celery pools: images a second, CPU-ms an image, MiB"
    for pool in found.pools:
        memory = number((pool.memory_bytes.mean or 0) / MIB, 0)
        yield (
            f"  {pool.pool}, {pool.concurrency} at once: {_mean(pool.images_per_second, 2)}, "
            f"{_mean(pool.cpu_ms)}, {memory}"
        )
    yield "An image at a URL: ms, CPU-ms; faces found"
    for contender in found.contenders:
        yield (
            f"  {contender.name}: {_mean(contender.latency_ms)}, {_mean(contender.cpu_ms)}; "
            f"{contender.faces} of {found.known_faces}"
        )
    yield "Submissions a second where recognition is waited for"
    for rate in found.waiting:
        yield f"  {rate.architecture}, {rate.workers} workers: {_mean(rate.per_second, 2)}"
    yield "Ratios (95 % interval)"
    for named in found.ratios:
        ends = f"{number(named.ratio.low, 3)} to {number(named.ratio.high, 3)}"
        arms = f"{named.first} ÷ {named.second}"
        yield f"  {named.measure}: {arms}: {number(named.ratio.ratio, 3)} ({ends})"


def _mean(found: OverTrials, digits: int = 1) -> str:
    return number(found.mean, digits)
