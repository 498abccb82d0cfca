"""What version 1.0.0 found in every fixture, and in larger copies of those with several faces.

    python tests/reference_detections.py > tests/reference_detections.json

wrote the file with that version installed. A change for speed is compared with it.
"""

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from imaging import Limits, normalize_image
from imaging.recognizers.centerface import CenterFace

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parents[1] / "fixtures"
FILE = HERE / "reference_detections.json"
COPIES = (("images/group.jpg", 2.0), ("images/group.jpg", 4.0), ("images/small-faces.jpg", 2.5))
Found = list[list[float]]


def images() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each image."""
    expected = json.loads((FIXTURES / "expectations.json").read_text())
    for name in expected["images"]:
        yield name, (FIXTURES / name).read_bytes()
    for name, factor in COPIES:
        with Image.open(FIXTURES / name) as image:
            size = (round(image.width * factor), round(image.height * factor))
            copy, buffer = image.resize(size, Image.Resampling.BICUBIC), io.BytesIO()
        copy.save(buffer, "JPEG", quality=90)
        yield f"{name} x {factor:g}", buffer.getvalue()


def found_in(recognizer: CenterFace, data: bytes) -> Found:
    """Return score, left, top, width and height of each face, best first."""
    faces = recognizer.recognize(normalize_image(data, limits=Limits()))
    return [
        [round(value, 5) for value in (it.score, it.left, it.top, it.width, it.height)]
        for it in faces
    ]


if __name__ == "__main__":
    recognizer = CenterFace()
    lines = (
        f" {json.dumps(name)}: {json.dumps(found_in(recognizer, data))}" for name, data in images()
    )
    sys.stdout.write("{\n" + ",\n".join(lines) + "\n}\n")
