"""The measured image in each size: the fixture with three faces, scaled, as a camera's JPEG."""

import io
import json

import numpy as np
from PIL import Image

from benchmarks.recognizer.plan import ImageSize
from benchmarks.repository import REPOSITORY

FIXTURES = REPOSITORY / "shared" / "fixtures"
SOURCE = "images/group.jpg"
QUALITY = 85
# Standard deviation: a photograph that was scaled up is smoother than others, so quicker to decode.
NOISE = 3.0
_SEED = 2026


def known_faces() -> int:
    """Return how many faces a person marked in the image."""
    expected = json.loads((FIXTURES / "expectations.json").read_text(encoding="utf-8"))
    return len(expected["images"][SOURCE]["faces"])


def make_image(size: ImageSize) -> bytes:
    """Return the photograph in the middle of an image of this size, its edges continued."""
    photograph = Image.open(FIXTURES / SOURCE).convert("RGB")
    scale = min(size.width / photograph.width, size.height / photograph.height)
    width, height = round(photograph.width * scale), round(photograph.height * scale)
    scaled = np.asarray(photograph.resize((width, height), Image.Resampling.LANCZOS))
    left, top = (size.width - width) // 2, (size.height - height) // 2
    margins = (
        (top, size.height - height - top),
        (left, size.width - width - left),
        (0, 0),
    )
    pixels = np.pad(scaled, margins, mode="edge").astype(np.float32)
    pixels += np.random.default_rng(_SEED).normal(0.0, NOISE, pixels.shape).astype(np.float32)
    buffer = io.BytesIO()
    whole = pixels.round().clip(0, 255).astype(np.uint8)
    Image.fromarray(whole).save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()
