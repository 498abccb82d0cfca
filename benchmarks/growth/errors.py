"""The errors of the growth measurement."""


class GrowthError(Exception):
    """A measurement that can't go on; the text is one sentence.

    - CallError: a request got another response than expected, or none
    """


class CallError(GrowthError):
    """A request got another response than expected, or none."""
