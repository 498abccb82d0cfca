"""Bodies of every framing and headers of every kind are read, or refused with a problem."""

from collections.abc import Iterator
from concurrent.futures import Future
from uuid import uuid4

import pytest
from support.client import Account, Api, problem
from support.held_back import held_back
from support.images import small_image

_PIECE_BYTES = 5000
_TOO_MANY_BYTES = 10_400_000
_MORE_THAN_AT_ONCE = 70  # bodies that one client may have received at the same time


def multipart(data: bytes, *, name: bytes = b"a.jpg") -> bytes:
    """Return a body with one file, and the boundary `b`."""
    disposition = b'Content-Disposition: form-data; name="image"; filename="' + name + b'"'
    return b"--b\r\n" + disposition + b"\r\n\r\n" + data + b"\r\n--b--\r\n"


def in_pieces(body: bytes) -> Iterator[bytes]:
    """Yield chunks of unknown total length, which httpx sends chunked."""
    for begin in range(0, len(body), _PIECE_BYTES):
        yield body[begin : begin + _PIECE_BYTES]


UPLOAD = {"Content-Type": "multipart/form-data; boundary=b"}


def test_an_upload_of_unknown_length(api: Api, account: Account) -> None:
    body = in_pieces(multipart(small_image(21)))
    response = api.post("/submissions", by=account, content=body, headers=UPLOAD)
    assert response.status_code == 202


def test_json_of_unknown_length(api: Api, account: Account) -> None:
    body = in_pieces(b'{"image_url": "https://example.org/a.jpg"}')
    headers = {"Content-Type": "application/json"}
    response = api.post("/submissions", by=account, content=body, headers=headers)
    assert response.status_code == 202


def test_too_much_of_unknown_length(api: Api, account: Account) -> None:
    # Little above the limit, so that the client still reads the response.
    for _ in range(3):
        body = in_pieces(multipart(bytes(_TOO_MANY_BYTES)))
        response = api.post("/submissions", by=account, content=body, headers=UPLOAD)
        problem(response, 413, "image-too-large")
    assert api.get("/submissions", by=account).status_code == 200


@pytest.mark.parametrize(
    "name", [b"caf\xe9.jpg", b".", b"..", b"photos/", b"&#8206;", b"C:\\", b"a\0b", b"x" * 4096]
)
def test_the_name_of_a_file_is_not_looked_at(api: Api, account: Account, name: bytes) -> None:
    body = multipart(small_image(22), name=name)
    response = api.post("/submissions", by=account, content=body, headers=UPLOAD)
    assert response.status_code == 202


ODD = [
    "application/json; charset*=BOGUS''x",
    "text/plain; charset=hex",
    "multipart/form-data; charset=idna",
    "; charset=undefined",
    "a/b; =;;",
    "application/json; a*=x; a*0=y",
    f'application/json; a="{";" * 10_000}"',
]


@pytest.mark.parametrize("media_type", ODD, ids=lambda media_type: ascii(media_type[:40]))
def test_an_odd_media_type_matters_only_to_a_body(
    api: Api, account: Account, media_type: str
) -> None:
    headers = {"Content-Type": media_type}
    assert api.call("GET", "/livez", headers=headers).status_code == 200
    assert api.get("/submissions", by=account, headers=headers).status_code == 200
    for path in ("/tokens", "/accounts", "/submissions"):
        response = api.post(path, by=account, content=b"{}", headers=headers)
        assert response.status_code in {400, 415}


def test_an_odd_list_of_what_is_accepted(api: Api, account: Account) -> None:
    headers = {"Accept": "application/json; a*=x; a*0=y"}
    for path in ("/account", "/submissions"):
        problem(api.get(path, by=account, headers=headers), 406, "not-acceptable")


def test_the_head_of_a_part_is_too_long_or_odd(api: Api, account: Account) -> None:
    body = multipart(small_image(24), name=b"x" * 9_000_000)
    problem(api.post("/submissions", by=account, content=body, headers=UPLOAD), 400, "malformed")
    body = multipart(small_image(24), name=b'a"; a*=x; a*0="y')
    problem(api.post("/submissions", by=account, content=body, headers=UPLOAD), 400, "malformed")


def test_a_body_that_is_not_used_takes_no_place_after_it_was_read(api: Api) -> None:
    for _ in range(_MORE_THAN_AT_ONCE):
        response = api.get(f"/submissions/{uuid4()}?wait=1", content=b"{}")
        problem(response, 401, "unauthenticated")


def test_a_charset_that_a_body_does_not_have(api: Api, account: Account) -> None:
    headers = {"Content-Type": "multipart/form-data; charset=idna; boundary=b"}
    body = multipart(small_image(23))
    assert api.post("/submissions", by=account, content=body, headers=headers).status_code == 202


@pytest.mark.parametrize("size", [17_000, 60_000])
def test_headers_that_are_too_large(api: Api, account: Account, size: int) -> None:
    headers = {"X-Padding": "x" * size}
    problem(api.get("/account", by=account, headers=headers), 431, "headers-too-large")


def test_a_body_is_not_awaited_without_a_token(api: Api) -> None:
    # So little that it is sent before the response, which may close the connection.
    received = held_back(api, sent_bytes=100_000)
    assert received.startswith(b"HTTP/1.1 401 ")
    assert b"application/problem+json" in received


def test_a_body_that_stops(stopped_upload: Future[bytes]) -> None:
    received = stopped_upload.result(timeout=60)
    assert received.startswith(b"HTTP/1.1 408 ")
    assert b'"request-timeout"' in received
