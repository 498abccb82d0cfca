"""The result document, as it is stored and as clients read it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from imaging import Detection, NormalizedImage, Recognizer
from recognition.messages import utc_now


def result_document(
    *,
    submission_id: UUID,
    recognizer: Recognizer,
    image: NormalizedImage,
    detections: Sequence[Detection],
) -> dict[str, Any]:
    """Return the document. Boxes are fractions of the image's width and height."""
    return {
        "submission_id": str(submission_id),
        "recognizer": {"name": recognizer.name, "version": recognizer.version},
        "image": {
            "width": image.width,
            "height": image.height,
            "media_type": image.media_type,
            "sha256": image.sha256,
        },
        "detections": [
            {
                "label": detection.label,
                "score": detection.score,
                "box": {
                    "left": detection.left,
                    "top": detection.top,
                    "width": detection.width,
                    "height": detection.height,
                },
            }
            for detection in detections
        ],
        "created_at": utc_now(),
    }
