"""What a recognizer is to the rest of the flow."""

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
        """Which recognizer."""

    @property
    def version(self) -> str:
        """What of it changes its results: model and settings."""

    def check_available(self) -> None:
        """Raise RecognizerUnavailable if ``recognize`` would raise it without a call.

        Takes microseconds, so a worker can find out before it fetches and decodes an image.
        """

    def recognize(self, image: NormalizedImage) -> tuple[Detection, ...]:
        """Find the faces, best score first. Raises RecognizerUnavailable, RecognizerCrashed."""
