"""The web process over its socket: bodies, headers, methods, and refused requests."""

import contextlib
import json
import time

import pytest

from tests.conftest import image_bytes
from tests.gateway import (
    MULTIPART,
    SUBMISSIONS,
    begin,
    chunks,
    exchange,
    files_for_clients,
    get,
    multipart,
    post,
    read,
    until,
)
from tests.processes import Processes

pytestmark = [pytest.mark.timeout(120), pytest.mark.slow]


@pytest.mark.parametrize(
    "authorization",
    ["", "Authorization: Bearer x\r\n", "Authorization: x\r\n", "Authorization: Bearer \xff\r\n"],
)
def test_without_a_token_a_body_is_refused_unread(web: Processes, authorization: str) -> None:
    head = post(
        web, f"{authorization}Content-Type: {MULTIPART}", "Content-Length: 9000000", token=False
    )
    begun = time.monotonic()
    with begin(web, head, bytes(100_000)) as connection:
        read(connection).assert_problem(401, "unauthenticated")
        assert time.monotonic() - begun < 8  # a body that stops is given up after 10 s


def test_a_body_that_stops_is_a_timeout(web: Processes) -> None:
    begun = time.monotonic()
    with begin(
        web, post(web, f"Content-Type: {MULTIPART}", "Content-Length: 9000000"), bytes(2_000_000)
    ) as one:
        read(one).assert_problem(408, "request-timeout")
        assert 8 < time.monotonic() - begun < 25
        assert one.recv(1) == b""  # once the rest has been read
    until(lambda: files_for_clients(web) == 0)


def test_nothing_is_left_of_a_client_that_goes_away(web: Processes) -> None:
    until(lambda: files_for_clients(web) == 0)  # those of the tests before
    head = post(web, f"Content-Type: {MULTIPART}", "Content-Length: 9000000")
    gone = [begin(web, head, bytes(2_000_000)) for _ in range(10)]

    def all_are_read() -> bool:
        for connection in gone:  # so that on a slow machine none is taken for a client that stalls
            connection.sendall(bytes(1000))
        return files_for_clients(web) == 20  # a socket and a temporary file each

    until(all_are_read)
    for connection in gone:
        connection.close()
    until(lambda: files_for_clients(web) == 0)
    assert exchange(web, get(web, SUBMISSIONS)).status == 200


def test_chunked_bodies_are_read(web: Processes) -> None:
    head = post(web, f"Content-Type: {MULTIPART}", "Transfer-Encoding: chunked")
    image = image_bytes() + bytes(300_000)  # after its end marker a JPEG may contain anything
    assert exchange(web, head, chunks(multipart(image=image))).status == 202
    as_json = post(web, "Content-Type: application/json", "Transfer-Encoding: chunked")
    assert (
        exchange(web, as_json, chunks(b'{"image_url": "https://example.org/a"}', 7)).status == 202
    )
    with begin(web, as_json, b"zz\r\n") as connection:
        read(connection).assert_problem(400, "malformed")


@pytest.mark.parametrize("framing", ["Transfer-Encoding: chunked", "Content-Length: 10400000"])
def test_a_body_that_is_too_large(web: Processes, framing: str) -> None:
    body = bytes(10_400_000)
    for _ in range(3):
        with begin(web, post(web, f"Content-Type: {MULTIPART}", framing)) as connection:
            with contextlib.suppress(ConnectionError):
                connection.sendall(chunks(body) if "chunked" in framing else body)
            read(connection).assert_problem(413, "image-too-large")


def test_json_that_is_too_large(web: Processes) -> None:
    head = post(web, "Content-Type: application/json", "Content-Length: 200000")
    exchange(web, head, bytes(200_000)).assert_problem(400, "malformed")


def test_a_client_that_waits_to_be_let_go_on(web: Processes) -> None:
    body = multipart()
    head = post(
        web, f"Content-Type: {MULTIPART}", f"Content-Length: {len(body)}", "Expect: 100-continue"
    )
    with begin(web, head) as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 100")
        connection.sendall(body)
        assert read(connection).status == 202


def test_a_body_where_none_is_read(web: Processes) -> None:
    with begin(web, get(web, SUBMISSIONS, "Content-Length: 5"), b"12345") as connection:
        assert read(connection).status == 200
        connection.sendall(f"{get(web, '/livez')}\r\nHost: x\r\n\r\n".encode())
        assert read(connection).status == 200  # on the same connection
    large = get(web, SUBMISSIONS, "Content-Length: 1000000")
    assert exchange(web, large, bytes(1_000_000)).headers["connection"] == "close"


@pytest.mark.parametrize(
    "name",
    [
        b"caf\xe9.jpg",
        b".",
        b"photos/",
        b"&#8206;",
        b"",
        "\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe".encode(),
        "😀".encode(),
        b"a\0b",
        b"x" * 4096,
        b"../../etc/passwd",
        b'a\\"b',
        b"C:\\dir\\",
    ],
    ids=ascii,
)
def test_the_name_of_a_file_does_not_matter(web: Processes, name: bytes) -> None:
    body = multipart(name)
    head = post(web, f"Content-Type: {MULTIPART}", f"Content-Length: {len(body)}")
    assert exchange(web, head, body).status == 202


@pytest.mark.parametrize(
    "media_type",
    [
        "application/json; charset*=BOGUS''x",
        "text/plain; charset=hex",
        "multipart/form-data; charset=idna",
        "application/json; charset=\xff",
        "; charset=undefined",
        "application/json; charset*0*=x''%",
        "a/b; =;;",
        "application/json; a*=x; a*0=y",
        f'application/json; a="{";" * 10_000}"',
    ],
    ids=lambda media_type: ascii(media_type[:40]),
)
def test_an_odd_content_type(web: Processes, media_type: str) -> None:
    header = f"Content-Type: {media_type}"
    for path in ("/livez", f"{SUBMISSIONS}?limit=1", "/api/v1/schema"):
        assert exchange(web, get(web, path, header)).status == 200
    reply = exchange(web, post(web, header, "Content-Length: 2"), b"{}")
    assert reply.status in {400, 415}
    reply.assert_problem(reply.status, json.loads(reply.body)["code"])


def test_the_head_of_a_part_is_too_long_or_odd(web: Processes) -> None:
    too_long = multipart(b"x" * 9_000_000)
    head = post(web, f"Content-Type: {MULTIPART}", f"Content-Length: {len(too_long)}")
    exchange(web, head, too_long).assert_problem(400, "malformed")
    odd = multipart().replace(b"; filename", b"; a*=x; a*0=y; filename")
    head = post(web, f"Content-Type: {MULTIPART}", f"Content-Length: {len(odd)}")
    exchange(web, head, odd).assert_problem(400, "malformed")


def test_a_charset_that_is_ignored(web: Processes) -> None:
    body = b'{"image_url": "https://example.org/a"}'
    head = post(
        web, "Content-Type: application/json; charset=UTF-8", f"Content-Length: {len(body)}"
    )
    assert exchange(web, head, body).status == 202
    upload = multipart()
    head = post(
        web,
        "Content-Type: multipart/form-data; charset=idna; boundary=b",
        f"Content-Length: {len(upload)}",
    )
    assert exchange(web, head, upload).status == 202


def test_headers_that_are_too_large(web: Processes) -> None:
    exchange(web, get(web, SUBMISSIONS, f"X-Padding: {'x' * 17_000}")).assert_problem(
        431, "headers-too-large"
    )
    assert exchange(web, get(web, SUBMISSIONS, f"X-Padding: {'x' * 15_000}")).status == 200


@pytest.mark.parametrize(
    "path", ["/%zz", "/%00", "/%ff%fe", "//", "/api/v1/submissions/%00?q=%ff&x=%00", "*"]
)
def test_an_odd_path(web: Processes, path: str) -> None:
    exchange(web, get(web, path)).assert_problem(404, "not-found")


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PUT", "FOO"])
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (SUBMISSIONS, "GET, HEAD, POST"),
        ("/api/v1/schema", "GET, HEAD"),
        ("/livez", "GET, HEAD"),
    ],
)
def test_a_method_that_a_path_does_not_have(
    web: Processes, method: str, path: str, allowed: str
) -> None:
    reply = exchange(web, f"{method} {path} HTTP/1.1\r\nAuthorization: {web.authorization}")
    reply.assert_problem(405, "method-not-allowed")
    assert reply.headers["allow"] == allowed


def test_an_identity_can_not_be_sent(web: Processes) -> None:
    for name in ("flow.identity", "Flow-Identity"):
        head = f"GET {SUBMISSIONS} HTTP/1.1\r\n{name}: {web.authorization}"
        exchange(web, head).assert_problem(401, "unauthenticated")
