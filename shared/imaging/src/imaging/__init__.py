"""From an untrusted address or untrusted bytes to located faces.

Import from here only: what is not named in ``__all__`` may change in any release.
"""

from imaging.urls import check_address
from imaging.decode import NormalizedImage, normalize_image
from imaging.errors import (
    ForbiddenAddress,
    ImageCorrupt,
    ImageNotServed,
    ImageTooLarge,
    ImageUnreachable,
    ImageUnsupported,
    ImagingError,
    InvalidAddress,
    RecognizerCrashed,
    RecognizerUnavailable,
)
from imaging.fetch import fetch_image
from imaging.header import ImageHeader, inspect_image
from imaging.limits import Limits
from imaging.recognizers import Detection, Recognizer, recognizer_from_environment

__all__ = [
    "Detection",
    "ForbiddenAddress",
    "ImageCorrupt",
    "ImageHeader",
    "ImageNotServed",
    "ImageTooLarge",
    "ImageUnreachable",
    "ImageUnsupported",
    "ImagingError",
    "InvalidAddress",
    "Limits",
    "NormalizedImage",
    "Recognizer",
    "RecognizerCrashed",
    "RecognizerUnavailable",
    "check_address",
    "fetch_image",
    "inspect_image",
    "normalize_image",
    "recognizer_from_environment",
]
