"""The processes that measure find the faces, with every number of threads and in every pool."""

import os
from pathlib import Path

import pytest

from benchmarks.recognizer.images import known_faces, make_image
from benchmarks.recognizer.plan import POOLS, SIZES, THREADS
from benchmarks.recognizer.pools import pool_blocks
from benchmarks.recognizer.probes import Probe

pytestmark = pytest.mark.slow
SMALL = SIZES[1]


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "image.jpg"
    path.write_bytes(make_image(SMALL))
    return path


@pytest.mark.parametrize("threads", THREADS)
def test_a_probe_measures_an_image(image: Path, threads: int) -> None:
    probe = Probe(threads, sorted(os.sched_getaffinity(0)))
    try:
        found = probe.measure(image, 2)
    finally:
        probe.close()
    assert found["faces"] == known_faces()
    assert 0 < found["normalize_ms"] < found["recognize_ms"]
    assert found["cpu_ms"] > 0


def test_every_pool_recognizes_images(image: Path, tmp_path: Path) -> None:
    cores = sorted(os.sched_getaffinity(0))
    (found,) = pool_blocks(image, POOLS, tmp_path / "pools", cores, 1)
    assert {*found} == {*POOLS}
    assert all(it.images_per_second > 0 and it.cpu_ms > 1 for it in found.values())
    ends = [*(tmp_path / "pools").glob("*.completed")]
    assert len(ends) == len(POOLS)
    faces = {line.split()[1] for path in ends for line in path.read_text().splitlines()}
    assert faces == {str(known_faces())}
