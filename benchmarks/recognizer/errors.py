"""The errors of the recognizer's measurements."""


class RecognizerError(Exception):
    """A measurement that could not be made; the text is a sentence."""
