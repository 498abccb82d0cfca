"""Parsers of request bodies, bounded by the largest image."""

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.http import parse_header_parameters
from rest_framework.parsers import JSONParser, MultiPartParser

from submissions.errors import ImageTooLarge, Malformed
from submissions.multipart import NamelessStream

_JSON_MAX_BYTES = 64 * 1024
_FRAMING_BYTES = 64 * 1024  # allowance for the multipart framing
_TAIL_BYTES = 512


class CappedUploadHandler(FileUploadHandler):
    """Keeps an upload in memory and stops reading at MAX_IMAGE_BYTES, over all its files."""

    _buffer: BytesIO
    _received_bytes = 0

    def handle_raw_input(
        self,
        input_data: IO[bytes],  # noqa: ARG002 - Django's signature, to the end
        META: Mapping[str, str],  # noqa: ARG002, N803
        content_length: int,
        boundary: str,  # noqa: ARG002
        encoding: str | None = None,  # noqa: ARG002
    ) -> None:
        """Refuse a body whose Content-Length is too large. Raises ImageTooLarge."""
        if content_length > settings.IMAGE_LIMITS.max_bytes + _FRAMING_BYTES:
            raise _too_large()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file of the body."""
        super().new_file(*args, **kwargs)
        self._buffer = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002
        """Append a chunk. Raises ImageTooLarge."""
        self._received_bytes += len(raw_data)
        if self._received_bytes > settings.IMAGE_LIMITS.max_bytes:
            raise _too_large()
        self._buffer.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[Any]":
        """Return the whole file."""
        self._buffer.seek(0)
        return InMemoryUploadedFile(
            file=self._buffer,
            field_name=self.field_name,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
        )


class CappedJSONParser(JSONParser):
    """JSON of at most 64 KiB."""

    def parse(self, stream: IO[Any], *args: Any, **kwargs: Any) -> Any:
        """Return the parsed body. Raises Malformed."""
        body = stream.read(_JSON_MAX_BYTES + 1)
        if len(body) > _JSON_MAX_BYTES:
            raise Malformed(f"The body has more than {_JSON_MAX_BYTES} bytes.")
        return super().parse(BytesIO(body), *args, **kwargs)


class WholeMultiPartParser(MultiPartParser):
    """Multipart with its closing boundary: Django accepts a body that is cut off."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the parsed body. Raises Malformed."""
        _, parameters = parse_header_parameters(media_type or "")
        boundary = str(parameters.get("boundary")).encode()
        body = stream.read()
        if b"--" + boundary + b"--" not in body[-_TAIL_BYTES:]:
            raise Malformed("The multipart body has no end.")
        nameless: Any = NamelessStream(body, boundary=boundary)
        try:
            return super().parse(nameless, media_type, parser_context)
        except TypeError as error:  # of the standard library: parameters in an order of RFC 2231
            raise Malformed("The head of a part can't be read.") from error


def _too_large() -> ImageTooLarge:
    return ImageTooLarge(f"The image has more than {settings.IMAGE_LIMITS.max_bytes} bytes.")
