"""A made-up document of the recognizer's measurements."""

from collections.abc import Sequence
from pathlib import Path

from benchmarks.recognizer import summary
from benchmarks.recognizer.contenders import FinderReading
from benchmarks.recognizer.plan import POOLS, SIZES, THREADS
from benchmarks.recognizer.pools import PoolReading
from benchmarks.recognizer.probes import Arm
from benchmarks.results_model.recognizer import RECOGNIZER_VERSION, RecognizerResults

BLOCKS = 5
FACES = 3


def image_blocks() -> list[dict[Arm, dict[str, float]]]:
    """Return blocks in which two threads halve the time of recognition, 40 ms."""
    return [
        {
            (size, threads): {
                "wall_ms": size.height / 100 + 40 / threads + block / 10,
                "normalize_ms": size.height / 100,
                "recognize_ms": 40 / threads + block / 10,
                "cpu_ms": size.height / 100 + 44,
                "faces": FACES,
            }
            for size in SIZES
            for threads in THREADS
        }
        for block in range(BLOCKS)
    ]


def contender_blocks(latencies: Sequence[float] = (100, 80, 90)) -> list[dict[str, FinderReading]]:
    """Return blocks with these latencies of thumbor, the monolith and the services, in ms."""
    return [
        {
            name: FinderReading(latency_ms=latency + block, cpu_ms=latency, faces=faces)
            for name, latency, faces in zip(
                ("monolith", "microservices", "thumbor"),
                (*latencies[1:], latencies[0]),
                (FACES, FACES, 2),
                strict=True,
            )
        }
        for block in range(BLOCKS)
    ]


def document(latencies: Sequence[float] = (100, 80, 90)) -> RecognizerResults:
    """Return a whole document."""
    files = {size.name: Path(__file__) for size in SIZES}
    images, thread_ratios = summary.image_times(image_blocks(), files)
    readings = [
        {pool: PoolReading(10.0 * pool.concurrency + block, 90.0, 2e8) for pool in POOLS}
        for block in range(BLOCKS)
    ]
    pools, pool_ratios = summary.pool_times(readings, POOLS)
    contenders, contender_ratios = summary.contenders(contender_blocks(latencies))
    waiting, waiting_ratios = summary.throughputs(
        {
            name: [{1: 3.0 + block / 100, 4: 11.7} for block in range(BLOCKS)]
            for name in ("monolith", "microservices")
        }
    )
    return RecognizerResults(
        recognizer_version=RECOGNIZER_VERSION,
        measured_at="2026-11-29T12:00:00+00:00",
        blocks=BLOCKS,
        known_faces=FACES,
        environment={
            "cpu": {"model": "A processor", "cores": 2},
            "load_average_before": [0.4, 0.3, 0.2],
            "source": {"commit": "0" * 40, "changed": False},
            "versions": {"thumbor_thumbor": "7", "thumbor_opencv-python-headless": "4"},
        },
        images=images,
        pools=pools,
        contenders=contenders,
        waiting=waiting,
        ratios=[*thread_ratios, *pool_ratios, *contender_ratios, *waiting_ratios],
    )
