"""The facts of an HTTP/1.1 request's head that a proxy needs to read the whole request."""

import re

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_EXPECT = re.compile(rb"\r\nexpect: *100-continue", re.IGNORECASE)
_END = b"\r\n\r\n"


def left_of_body(start: bytes) -> int:
    """Return how many bytes of the body are still to come after the first bytes of a request."""
    head, end, body = start.partition(_END)
    length = _LENGTH.search(head)
    if not end or length is None:
        return 0
    return max(0, int(length[1]) - len(body))


def expects_continue(start: bytes) -> bool:
    """Return whether the client waits for a 100 before it sends the body."""
    head = start.partition(_END)[0]
    return _EXPECT.search(head) is not None
