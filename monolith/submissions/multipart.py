"""Remove file names from multipart bodies.

The name is not used, so it must not matter: Django's parser drops a file whose name isn't UTF-8,
or is empty after sanitizing.
"""

import re
from collections.abc import Iterator

_PARTS_MAX = 1200  # more than Django's parser takes
_HEAD_MAX_BYTES = 16 * 1024  # a longer head is left to Django's parser, which refuses it
_NAME = re.compile(
    rb';\s*filename\*?\s*=\s*(?:"(?:\\.|[^"\\])*+"|[^;]*)', re.IGNORECASE | re.DOTALL
)
_PLAIN_NAME = b'; filename="upload"'


class NamelessStream:
    """A multipart body in which each file has the same plain name. Can be read once."""

    def __init__(self, body: bytes, *, boundary: bytes) -> None:
        """Keep the whole body, and the boundary without its hyphens."""
        self._pieces = _pieces(body, b"--" + boundary)
        self._left = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        """Return at most `size` bytes, all if it is negative, and none at the end."""
        if size < 0:
            return b"".join((self._left, *self._pieces))
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._left = piece
        found, self._left = self._left[:size], self._left[size:]
        return bytes(found)


def _pieces(body: bytes, delimiter: bytes) -> Iterator[memoryview]:
    view, done = memoryview(body), 0
    for _ in range(_PARTS_MAX):
        begin = body.find(delimiter, done)
        end = -1 if begin < 0 else body.find(b"\r\n\r\n", begin)
        if end < 0:
            break
        yield view[done:begin]
        short = end - begin <= _HEAD_MAX_BYTES
        yield memoryview(_without_names(body[begin:end])) if short else view[begin:end]
        done = end
    yield view[done:]


def _without_names(head: bytes) -> bytes:
    lines = head.split(b"\r\n")
    for number, line in enumerate(lines):
        if line[:20].lower() == b"content-disposition:":
            lines[number] = _NAME.sub(_PLAIN_NAME, line)
    return b"\r\n".join(lines)
