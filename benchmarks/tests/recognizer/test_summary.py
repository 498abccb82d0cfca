"""Readings of blocks become means with intervals and ratios within blocks."""

import io
import math

import pytest
from PIL import Image

from benchmarks.recognizer.errors import RecognizerError
from benchmarks.recognizer.images import known_faces, make_image
from benchmarks.recognizer.plan import POOLS, SIZES, ImageSize, images_of, order
from benchmarks.recognizer.terminal import lines
from benchmarks.recognizer.waiting import rate
from benchmarks.tests.recognizer.made_up import BLOCKS, document


def test_a_ratio_is_taken_within_each_block() -> None:
    found = document().ratio("latency_ms", "monolith", "thumbor")
    assert [*found.blocks] == [pytest.approx((80 + it) / (100 + it)) for it in range(BLOCKS)]
    assert found.ratio == pytest.approx(math.prod(found.blocks) ** (1 / BLOCKS))
    assert (found.low or 2) < (found.ratio or 1) < (found.high or 0)


def test_every_comparison_has_its_ratio() -> None:
    found = document()
    assert found.ratio("wall_ms", "1080p, 2 threads", "1080p, 1 thread").ratio == pytest.approx(
        0.61, abs=0.01
    )
    assert found.ratio("per_second", "monolith, 4 workers", "monolith, 1 worker").ratio == (
        pytest.approx(11.7 / 3.02, rel=0.001)
    )
    pooled = [it.first for it in found.ratios if it.measure == "images_per_second"]
    assert pooled == [pool.name for pool in POOLS if pool.kind != "prefork"]
    with pytest.raises(KeyError):
        found.ratio("latency_ms", "thumbor", "monolith")


def test_the_fewest_faces_of_all_blocks_count() -> None:
    assert [it.faces for it in document().contenders] == [2, 3, 3]


def test_a_rate_lies_between_completions() -> None:
    assert rate([0.2, 1.0, 2.0, 3.0], since=1.0) == pytest.approx(1.0)
    with pytest.raises(RecognizerError):
        rate([0.2, 1.0], since=1.0)


def test_each_block_has_an_order_of_its_own_that_repeats() -> None:
    orders = [order(POOLS, block) for block in range(6)]
    assert orders == [order(POOLS, block) for block in range(6)]
    assert len({tuple(it) for it in orders}) > 3
    assert all({*it} == {*POOLS} for it in orders)


def test_large_images_are_measured_less_often() -> None:
    counts = [images_of(size) for size in SIZES]
    assert counts == sorted(counts, reverse=True)
    assert min(counts) >= 3


@pytest.mark.parametrize("size", SIZES[:3], ids=lambda size: size.name)
def test_an_image_has_its_size(size: ImageSize) -> None:
    data = make_image(size)
    image = Image.open(io.BytesIO(data))
    assert (image.width, image.height) == (size.width, size.height)
    assert image.format == "JPEG"
    assert len(data) < 10_000_000


def test_the_image_has_several_faces() -> None:
    assert known_faces() >= 3


def test_the_terminal_has_every_arm_and_ratio() -> None:
    found = document()
    shown = list(lines(found))
    arms = sum(map(len, (found.images, found.pools, found.contenders, found.waiting)))
    assert len(shown) == arms + len(found.ratios) + 5
    assert "  thumbor: 102.0, 100.0; 2 of 3" in shown
