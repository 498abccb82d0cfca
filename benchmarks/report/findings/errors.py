"""Errors of the generation of pages.

FindingsError
└── OutdatedSentencesError   a page's sentences contradict the committed run
"""


class FindingsError(Exception):
    """A page can't be generated; the text is for its author."""


class OutdatedSentencesError(FindingsError):
    """A template's sentences assume what the run no longer shows; an author has to rewrite them."""


def require(what: str, *, shown: object, assumed: object) -> None:
    """Raise OutdatedSentencesError unless the run shows what a template's sentences assume."""
    if shown != assumed:
        message = (
            f"{what}: the sentences of the template assume {assumed!r}, the committed run shows "
            f"{shown!r}. Rewrite the sentences, then what the module assumes."
        )
        raise OutdatedSentencesError(message)
