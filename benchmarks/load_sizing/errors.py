"""What ends a measurement of the generator."""


class SizingError(Exception):
    """A measurement that can't be made; the text is one sentence."""
