"""The default recognizer finds the faces that a person marked, and no others."""

import multiprocessing
import os
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from conftest import EXPECTATIONS, FIXTURES
from test_decode import ORIENTATIONS, read

from imaging import (
    Detection,
    Limits,
    NormalizedImage,
    RecognizerCrashed,
    normalize_image,
    recognizer_from_environment,
)
from imaging.recognizers.centerface import CenterFace, _boxes

RECOGNIZER = CenterFace()


def normalized(name: str) -> NormalizedImage:
    return normalize_image(read(name), limits=Limits())


def overlap(box: dict[str, float], found: Detection) -> float:
    """Return the intersection over union."""
    right = min(box["left"] + box["width"], found.left + found.width)
    bottom = min(box["top"] + box["height"], found.top + found.height)
    width = max(0.0, right - max(box["left"], found.left))
    height = max(0.0, bottom - max(box["top"], found.top))
    common = width * height
    return common / (box["width"] * box["height"] + found.width * found.height - common)


@pytest.mark.parametrize("name", EXPECTATIONS["images"])
def test_finds_every_face_and_nothing_else(name: str) -> None:
    faces = EXPECTATIONS["images"][name]["faces"]
    found = RECOGNIZER.recognize(normalized(name))
    assert len(found) == len(faces)
    for face in faces:
        # 0.5 counts as found; the boxes of the fixtures match more closely.
        assert max(overlap(face, detection) for detection in found) >= 0.7
    for detection in found:
        assert detection.label == "face"
        assert 0 < detection.score <= 1
        assert 0 <= detection.left < detection.left + detection.width <= 1.000001
        assert 0 <= detection.top < detection.top + detection.height <= 1.000001
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_the_fixtures_hold_images_with_and_without_faces() -> None:
    counts = [len(image["faces"]) for image in EXPECTATIONS["images"].values()]
    assert max(counts) >= 8
    assert counts.count(0) >= 5
    assert sum(path.stat().st_size for path in FIXTURES.rglob("*") if path.is_file()) < 2_500_000


def test_all_eight_orientations_show_the_same_face() -> None:
    boxes = []
    for name in ORIENTATIONS:
        (found,) = RECOGNIZER.recognize(normalized(name))
        boxes.append((found.left, found.top, found.width, found.height))
    for box in boxes[1:]:
        assert box == pytest.approx(boxes[0], abs=0.015)


def test_a_smaller_copy_is_searched_if_configured() -> None:
    image = normalized("images/small-faces.jpg")
    coarse = recognizer_from_environment({"CENTERFACE_LONGEST_SIDE": "96"})
    assert len(coarse.recognize(image)) < len(RECOGNIZER.recognize(image))
    assert coarse.version != RECOGNIZER.version


def test_the_grid_is_read_as_in_the_paper() -> None:
    heat = np.zeros((10, 20), dtype=np.float32)
    size = np.zeros((2, 10, 20), dtype=np.float32)
    offset = np.zeros((2, 10, 20), dtype=np.float32)
    row, column = 3, 7
    heat[row, column], heat[0, 0] = 0.75, 0.5
    size[:, row, column] = np.log([6, 4])  # height and width in cells of 4 pixels
    offset[:, row, column] = 0.25, 0.5  # down and right
    boxes, scores = _boxes(heat, size, offset)
    assert scores.tolist() == [0.75]
    middle_x, middle_y = (7 + 0.5 + 0.5) * 4, (3 + 0.25 + 0.5) * 4
    expected = [middle_x - 8, middle_y - 12, middle_x + 8, middle_y + 12]
    assert boxes.tolist() == [pytest.approx(expected, abs=1e-4)]


def _in_child(queue: Any) -> None:
    found = RECOGNIZER.recognize(normalized("load.jpg"))
    queue.put((found, RECOGNIZER._session_pid == os.getpid()))


def test_a_forked_worker_makes_its_own_session() -> None:
    ours = RECOGNIZER.recognize(normalized("load.jpg"))
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    child = context.Process(target=_in_child, args=(queue,))
    child.start()
    child.join(timeout=20)
    assert child.exitcode == 0
    assert queue.get() == (ours, True)


def test_a_model_that_breaks_is_an_error_of_ours() -> None:
    # normalize_image never returns an image that isn't RGB; the search fails on it.
    image = normalized("load.jpg")
    broken = replace(image, pil_image=image.pil_image.convert("L"))
    with pytest.raises(RecognizerCrashed) as caught:
        RECOGNIZER.recognize(broken)
    assert caught.value.retryable
