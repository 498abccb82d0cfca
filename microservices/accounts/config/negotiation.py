"""Content negotiation that parses no Accept header of the usual kind."""

from collections.abc import Iterable
from typing import Any

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class PlainNegotiation(DefaultContentNegotiation):
    """DRF's own, with a shorter way to the first renderer."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> Any:
        """Return the renderer and its media type. Raises NotAcceptable."""
        first, *_ = renderers
        if request.META.get("HTTP_ACCEPT", "*/*") in ("*/*", first.media_type):
            return first, first.media_type
        try:
            return super().select_renderer(request, renderers, format_suffix)
        except TypeError as error:  # of the standard library: parameters in an order of RFC 2231
            raise NotAcceptable from error
