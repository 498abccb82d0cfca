"""The protocol of recognizers."""

from dataclasses import dataclass
from typing import Protocol

from imaging.decode import NormalizedImage


@dataclass(frozen=True, slots=True)
class Detection:
    """One located face. The box is in fractions (0 to 1) of the oriented image's sides."""

    label: str
    score: float
    left: float
    top: float
    width: float
    height: float


class Recognizer(Protocol):
    """Finds faces. ``name`` and ``version`` are stored with each result."""

    @property
    def name(self) -> str:
        """Return the recognizer's name."""

    @property
    def version(self) -> str:
        """Return what its results depend on: model and settings."""

    def check_available(self) -> None:
        """Raise RecognizerUnavailable if ``recognize`` would raise it without a call.

        Takes microseconds, so a worker can call it before it fetches and decodes an image.
        """

    def recognize(self, image: NormalizedImage) -> tuple[Detection, ...]:
        """Find the faces, best score first. Raises RecognizerUnavailable, RecognizerCrashed."""
