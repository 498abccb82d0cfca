"""File names are removed from multipart bodies, whatever they are."""

import pytest

from submissions.multipart import NamelessStream


def body(name: bytes) -> bytes:
    head = b'Content-Disposition: form-data; name="image"; filename=' + name
    return b"--b\r\n" + head + b"\r\n\r\ndata\r\n--b--\r\n"


@pytest.mark.parametrize(
    "name",
    [
        b'"a.jpg"',
        b'"a\\"b;c"',
        b'"' + b"\\" * 8000 + b'"',
        b'"' + b"x" * 15_000 + b'"',
        b'"open',
        b"a",
    ],
    ids=lambda name: ascii(name[:9]),
)
def test_a_name_becomes_plain(name: bytes) -> None:
    assert NamelessStream(body(name), boundary=b"b").read() == body(b'"upload"')


def test_the_head_of_a_part_that_is_too_long_is_left_to_django() -> None:
    long = body(b'"' + b"x" * 100_000 + b'"')
    assert NamelessStream(long, boundary=b"b").read() == long
