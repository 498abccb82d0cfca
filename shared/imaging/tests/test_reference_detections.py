"""A faster recognizer finds the faces that version 1.0.0 found, no fewer and in the same places."""

import json

import pytest
from reference_detections import FILE, Found, found_in, images

from imaging.recognizers.centerface import CenterFace

RECOGNIZER = CenterFace()
REFERENCE: dict[str, Found] = json.loads(FILE.read_text())
IMAGES = dict(images())
SCORE_TOLERANCE = 0.03
SIDE_TOLERANCE = 0.01  # of the image's sides


@pytest.mark.parametrize("name", REFERENCE)
def test_the_same_faces_are_found(name: str) -> None:
    expected, found = REFERENCE[name], found_in(RECOGNIZER, IMAGES[name])
    assert len(found) == len(expected)
    left = [*found]
    for score, *box in expected:
        nearest = min(left, key=lambda face: distance(face[1:], box))
        assert distance(nearest[1:], box) <= SIDE_TOLERANCE
        assert nearest[0] == pytest.approx(score, abs=SCORE_TOLERANCE)
        left.remove(nearest)


def test_the_reference_has_every_image() -> None:
    assert {*REFERENCE} == {*IMAGES}
    assert sum(map(len, REFERENCE.values())) > 50


def distance(one: list[float], other: list[float]) -> float:
    """Return the largest difference of two boxes in left, top, width or height."""
    return max(abs(first - second) for first, second in zip(one, other, strict=True))
