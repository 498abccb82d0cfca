"""The errors of tracing."""


class TracingError(Exception):
    """A trace that can't be taken; the text is one sentence.

    - CallError: a request got another response than expected, or none
    - IncompleteTraceError: spans are missing
    """


class CallError(TracingError):
    """A request got another response than expected, or none."""


class IncompleteTraceError(TracingError):
    """Spans of a trace are missing."""
