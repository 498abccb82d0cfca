"""Locate faces in images from untrusted URLs or untrusted bytes.

Import from here only: names that are not in ``__all__`` may change in any release.
"""

from imaging.decode import NormalizedImage, normalize_image
from imaging.errors import (
    ForbiddenAddress,
    ImageCorrupt,
    ImageNotServed,
    ImageTooLarge,
    ImageUnreachable,
    ImageUnsupported,
    ImagingError,
    InvalidUrl,
    RecognizerCrashed,
    RecognizerUnavailable,
)
from imaging.fetch import fetch_image
from imaging.header import ImageHeader, inspect_image
from imaging.limits import Limits
from imaging.recognizers import Detection, Recognizer, recognizer_from_environment
from imaging.urls import check_url

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
    "InvalidUrl",
    "Limits",
    "NormalizedImage",
    "Recognizer",
    "RecognizerCrashed",
    "RecognizerUnavailable",
    "check_url",
    "fetch_image",
    "inspect_image",
    "normalize_image",
    "recognizer_from_environment",
]
