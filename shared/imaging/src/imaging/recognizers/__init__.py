"""The recognizers, behind one protocol."""

from imaging.recognizers.environment import recognizer_from_environment
from imaging.recognizers.protocol import Detection, Recognizer

__all__ = ["Detection", "Recognizer", "recognizer_from_environment"]
