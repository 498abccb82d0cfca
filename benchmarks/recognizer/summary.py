"""The blocks' readings as figures with intervals, and the ratios of arms of one block."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.analysis.percentiles import over_trials
from benchmarks.analysis.ratios import ratio_interval
from benchmarks.recognizer.contenders import FinderReading
from benchmarks.recognizer.plan import COMPARED, WAITING_WORKERS, Pool
from benchmarks.recognizer.pools import PoolReading
from benchmarks.recognizer.probes import Arm, Reading
from benchmarks.results_model.base import of
from benchmarks.results_model.figures import OverTrials, Ratio
from benchmarks.results_model.recognizer import (
    Contender,
    ImageTime,
    NamedRatio,
    PoolTime,
    Throughput,
)

THUMBOR = "thumbor"


def over(values: Sequence[float]) -> OverTrials:
    """Return the mean of one value of each block, with its interval."""
    return of(OverTrials, over_trials(values))


def ratio(
    measure: str, first: str, second: str, pairs: Sequence[tuple[float, float]]
) -> NamedRatio:
    """Return the ratio of two arms from one pair of values of each block."""
    found = of(Ratio, ratio_interval(pairs))
    return NamedRatio(measure=measure, first=first, second=second, ratio=found)


def image_times(
    blocks: Sequence[Mapping[Arm, Reading]], files: Mapping[str, Path]
) -> tuple[list[ImageTime], list[NamedRatio]]:
    """Return the figures by size and threads, and each size's ratio of two threads to one."""
    arms = sorted(blocks[0], key=lambda arm: (arm[0].width, arm[1]))
    times = [
        ImageTime(
            size=size.name,
            width=size.width,
            height=size.height,
            file_bytes=files[size.name].stat().st_size,
            threads=threads,
            faces=int(min(block[size, threads]["faces"] for block in blocks)),
            **{
                name: over([block[size, threads][name] for block in blocks])
                for name in ("wall_ms", "normalize_ms", "recognize_ms", "cpu_ms")
            },
        )
        for size, threads in arms
    ]
    ratios = [
        ratio(
            name,
            f"{size.name}, {threads} threads",
            f"{size.name}, 1 thread",
            [(block[size, threads][name], block[size, 1][name]) for block in blocks],
        )
        for size, threads in arms
        if threads > 1
        for name in ("wall_ms", "cpu_ms")
    ]
    return times, ratios


def pool_times(
    blocks: Sequence[Mapping[Pool, PoolReading]], pools: Sequence[Pool]
) -> tuple[list[PoolTime], list[NamedRatio]]:
    """Return the figures by pool, and the ratios to the processes that the units use."""

    def values(pool: Pool, read: Callable[[PoolReading], float]) -> list[float]:
        return [read(block[pool]) for block in blocks]

    times = [
        PoolTime(
            pool=pool.kind,
            concurrency=pool.concurrency,
            size=COMPARED.name,
            images_per_second=over(values(pool, lambda read: read.images_per_second)),
            cpu_ms=over(values(pool, lambda read: read.cpu_ms)),
            memory_bytes=over(values(pool, lambda read: read.memory_bytes)),
        )
        for pool in pools
    ]
    ratios = [
        ratio(
            "images_per_second",
            pool.name,
            base.name,
            [(block[pool].images_per_second, block[base].images_per_second) for block in blocks],
        )
        for pool in pools
        for base in pools
        if base.kind == "prefork" and base.concurrency == pool.concurrency and pool != base
    ]
    return times, ratios


def contenders(
    blocks: Sequence[Mapping[str, FinderReading]],
) -> tuple[list[Contender], list[NamedRatio]]:
    """Return the figures of thumbor and the architectures, and the ratios to thumbor."""
    found = [
        Contender(
            name=name,
            latency_ms=over([block[name].latency_ms for block in blocks]),
            cpu_ms=over([block[name].cpu_ms for block in blocks]),
            faces=min(block[name].faces for block in blocks),
        )
        for name in sorted(blocks[0], key=lambda name: name != THUMBOR)
    ]
    ratios = [
        ratio("latency_ms", it.name, THUMBOR, _pairs(blocks, it.name, lambda r: r.latency_ms))
        for it in found[1:]
    ]
    ratios += [
        ratio("cpu_ms", it.name, THUMBOR, _pairs(blocks, it.name, lambda r: r.cpu_ms))
        for it in found[1:]
    ]
    return found, ratios


def _pairs(
    blocks: Sequence[Mapping[str, FinderReading]],
    name: str,
    read: Callable[[FinderReading], float],
) -> list[tuple[float, float]]:
    return [(read(block[name]), read(block[THUMBOR])) for block in blocks]


def throughputs(
    found: Mapping[str, Sequence[Mapping[int, float]]],
) -> tuple[list[Throughput], list[NamedRatio]]:
    """Return the submissions a second by architecture and workers, and the ratio of most to one."""
    rates = [
        Throughput(
            architecture=name, workers=workers, per_second=over([it[workers] for it in blocks])
        )
        for name, blocks in found.items()
        for workers in WAITING_WORKERS
    ]
    fewest, most = WAITING_WORKERS[0], WAITING_WORKERS[-1]
    ratios = [
        ratio(
            "per_second",
            f"{name}, {most} workers",
            f"{name}, {fewest} worker",
            [(it[most], it[fewest]) for it in blocks],
        )
        for name, blocks in found.items()
    ]
    return rates, ratios
