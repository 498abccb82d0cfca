"""Fixtures with their expectations, and small generated images."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
EXPECTATIONS: dict[str, Any] = json.loads((FIXTURES / "expectations.json").read_text("utf-8"))
IMAGES: dict[str, Any] = EXPECTATIONS["images"]
BAD: dict[str, Any] = EXPECTATIONS["bad"]
ORIENTATIONS = [name for name, expected in IMAGES.items() if "orientation" in expected]
FORMATS = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "GIF": "image/gif",
}
MAX_IMAGE_BYTES = 10_000_000
_SAME_FACE_IOU = 0.5
Box = Mapping[str, float]


@cache
def fixture(name: str) -> bytes:
    """Return a fixture's bytes."""
    return (FIXTURES / name).read_bytes()


@cache
def small_image(shade: int = 0, kind: str = "JPEG") -> bytes:
    """Return a small image without faces, different for each shade from 0 to 255."""
    buffer = BytesIO()
    Image.new("RGB", (32, 24), (shade, 90, 255 - shade)).save(buffer, kind)
    return buffer.getvalue()


def padded_image(size_bytes: int) -> bytes:
    """Return a valid JPEG of exactly so many bytes, padded after its end marker."""
    data = small_image()
    return data + b"\x00" * (size_bytes - len(data))


def overlap(first: Box, second: Box) -> float:
    """Return the intersection over union of two boxes, 0 to 1."""
    width = min(_right(first), _right(second)) - max(first["left"], second["left"])
    height = min(_bottom(first), _bottom(second)) - max(first["top"], second["top"])
    shared = max(0.0, width) * max(0.0, height)
    whole = first["width"] * first["height"] + second["width"] * second["height"] - shared
    return shared / whole


def same_faces(found: Sequence[Box], expected: Sequence[Box]) -> bool:
    """Return whether each box has its own counterpart, and none is left over."""
    if len(found) != len(expected):
        return False
    left = list(found)
    for box in expected:
        best = max(left, key=lambda candidate: overlap(candidate, box))
        if overlap(best, box) < _SAME_FACE_IOU:
            return False
        left.remove(best)
    return True


def _right(box: Box) -> float:
    return box["left"] + box["width"]


def _bottom(box: Box) -> float:
    return box["top"] + box["height"]
