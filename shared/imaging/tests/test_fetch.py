"""A fetch ends with the bytes or with one of the errors, always within its time limit."""

import gzip
import socket
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from network import Handler, Network, Server, redirect, response

from imaging import (
    ImageCorrupt,
    ImageNotServed,
    ImageTooLarge,
    ImageUnreachable,
    Limits,
    fetch_image,
)

URL = "http://images.test/a"
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
SMALL = Limits(max_bytes=100_000)
HASTY = Limits(fetch_timeout_seconds=0.4)


def dripping(start: bytes, drop: bytes, pause_seconds: float = 0.05) -> Handler:
    """Send the start, then a byte now and then, for longer than any deadline here."""

    def handler(sock: socket.socket, _head: bytes) -> None:
        sock.sendall(start)
        for _ in range(100):
            time.sleep(pause_seconds)
            sock.sendall(drop)

    return handler


def endless(start: bytes, piece: bytes) -> Handler:
    """Send the start, then chunks as fast as they are received, 200 MB at most."""

    def handler(sock: socket.socket, _head: bytes) -> None:
        sock.sendall(start)
        for _ in range(200_000_000 // len(piece)):
            sock.sendall(piece)

    return handler


@contextmanager
def taking_at_most(seconds: float) -> Iterator[None]:
    """Fail if the block takes longer."""
    start = time.monotonic()
    yield
    assert time.monotonic() - start < seconds


@contextmanager
def allocating_at_most(count: int) -> Iterator[None]:
    """Fail if the block's peak of allocated bytes is higher."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < count
    finally:
        tracemalloc.stop()


def test_gives_the_bytes(network: Network, limits: Limits) -> None:
    network.server.on("/a", response(b"image"))
    assert fetch_image(URL, limits=limits) == b"image"
    (request,) = network.server.requests
    assert request.startswith(b"GET /a HTTP/1.1\r\n")
    assert b"Accept-Encoding: identity\r\n" in request


def test_undoes_chunks_and_content_encodings(network: Network, limits: Limits) -> None:
    body = b"image" * 5000
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:9], body[9:], b""))
    network.server.on("/chunked", CHUNKED + chunks)
    network.server.on("/gzip", response(gzip.compress(body), "Content-Encoding: gzip"))
    network.server.on("/deflate", response(zlib.compress(body), "Content-Encoding: deflate"))
    for path in ("chunked", "gzip", "deflate"):
        assert fetch_image(f"http://images.test/{path}", limits=limits) == body


def test_follows_three_redirects_and_no_more(network: Network, limits: Limits) -> None:
    statuses = ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
    for hop, status in enumerate(statuses):
        network.server.on(f"/{hop}", redirect(f"/{hop + 1}", status))
    network.server.on("/5", response(b"image"))
    assert fetch_image("http://images.test/2", limits=limits) == b"image"
    network.server.requests.clear()
    with pytest.raises(ImageNotServed):
        fetch_image("http://images.test/1", limits=limits)
    assert len(network.server.requests) == 4


def test_a_redirect_loop_ends(network: Network, limits: Limits) -> None:
    network.server.on("/a", redirect("/a"))
    with pytest.raises(ImageNotServed):
        fetch_image(URL, limits=limits)
    assert network.server.connections == 4


def test_the_body_of_a_redirect_is_not_read(network: Network) -> None:
    start = b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 999999999\r\n\r\n"
    network.server.on("/a", endless(start, b"x" * 100_000))
    network.server.on("/b", response(b"image"))
    with allocating_at_most(2_000_000), taking_at_most(2):
        assert fetch_image(URL, limits=SMALL) == b"image"


@pytest.mark.parametrize("status", ["400 Bad", "401 No", "403 No", "404 No", "410 Gone", "204 No"])
def test_a_final_response_is_not_retryable(network: Network, limits: Limits, status: str) -> None:
    network.server.on("/a", response(b"", status=status))
    with pytest.raises(ImageNotServed) as caught:
        fetch_image(URL, limits=limits)
    assert (caught.value.code, caught.value.retryable) == ("image-unreachable", False)


@pytest.mark.parametrize("status", ["408 Late", "429 Many", "500 Broken", "503 Unavailable"])
def test_a_passing_trouble_is_worth_another_attempt(
    network: Network, limits: Limits, status: str
) -> None:
    network.server.on("/a", response(b"", status=status))
    with pytest.raises(ImageUnreachable) as caught:
        fetch_image(URL, limits=limits)
    assert caught.value.retryable
    assert status[:3] in caught.value.detail


@pytest.mark.parametrize(
    "response",
    [
        b"",
        b"garbage\r\n\r\n",
        b"HTTP/1.1 ",
        b"HTTP/1.1 abc\r\n\r\n",
        HEAD + b"A" * 70_000 + b"\r\n\r\n",
        HEAD + b"A: b\r\n" * 200 + b"\r\n",
        CHUNKED + b"zz\r\n",
        CHUNKED + b"-5\r\nabcde",
        CHUNKED + b"5\r\nab",
        HEAD + b"Content-Length: 10\r\n\r\nshort",
        HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    ],
)
def test_broken_http_is_an_unreachable_image(
    network: Network, limits: Limits, response: bytes
) -> None:
    network.server.on("/a", response)
    with pytest.raises(ImageUnreachable):
        fetch_image(URL, limits=limits)


def test_a_refused_connection(network: Network, limits: Limits) -> None:
    closed = Server()
    closed.close()
    network.name("away.test", "93.184.216.35")
    network.route("93.184.216.35", closed)
    for host in ("away.test", "unknown.test"):
        with pytest.raises(ImageUnreachable) as caught:
            fetch_image(f"http://{host}/", limits=limits)
        assert caught.value.retryable
        assert "93.184" not in caught.value.detail


def test_the_size_limit_is_exact(network: Network) -> None:
    network.server.on("/whole", response(b"x" * 100_000))
    network.server.on("/more", response(b"x" * 100_001))
    network.server.on("/closed", HEAD + b"Connection: close\r\n\r\n" + b"x" * 100_001)
    assert len(fetch_image("http://images.test/whole", limits=SMALL)) == 100_000
    for path in ("more", "closed"):
        with pytest.raises(ImageTooLarge):
            fetch_image(f"http://images.test/{path}", limits=SMALL)


def test_a_stated_length_above_the_limit_is_refused(network: Network) -> None:
    network.server.on("/a", HEAD + b"Content-Length: 100001\r\n\r\n")
    with pytest.raises(ImageTooLarge), taking_at_most(2):
        fetch_image(URL, limits=SMALL)


ZEROS = gzip.compress(bytes(50_000_000), 9)
EMPTY_MEMBERS = gzip.compress(b"") * 1000
TOO_MUCH: dict[str, Handler | bytes] = {
    "endless chunk extensions": endless(CHUNKED, b"1;" + b"x" * 50_000 + b"\r\nx\r\n"),
    "endless empty gzip members": endless(HEAD + b"Content-Encoding: gzip\r\n\r\n", EMPTY_MEMBERS),
    "endless body": endless(HEAD + b"\r\n", b"x" * 100_000),
    "endless chunks": endless(CHUNKED, b"2710\r\n" + b"x" * 10_000 + b"\r\n"),
    "endless small chunks": endless(CHUNKED, b"1\r\nx\r\n" * 1000),
    "length too short": endless(HEAD + b"Content-Length: 99999999\r\n\r\n", b"x" * 100_000),
    "gzip bomb": response(ZEROS, "Content-Encoding: gzip"),
    "gzip bomb twice": response(gzip.compress(ZEROS), "Content-Encoding: gzip, gzip"),
    "deflate bomb": response(zlib.compress(bytes(50_000_000)), "Content-Encoding: deflate"),
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_too_much_is_cut_at_the_cap(network: Network, name: str) -> None:
    network.server.on("/a", TOO_MUCH[name])
    with allocating_at_most(3_000_000), taking_at_most(4), pytest.raises(ImageTooLarge):
        fetch_image(URL, limits=SMALL)


@pytest.mark.parametrize(
    "start", [b"HTTP/1.1 ", HEAD, HEAD + b"A: ", CHUNKED + b"1;", CHUNKED + b"1\r\nx"]
)
def test_a_line_without_end_is_cut(network: Network, start: bytes) -> None:
    network.server.on("/a", endless(start, b"x" * 10_000))
    with allocating_at_most(3_000_000), taking_at_most(2), pytest.raises(ImageUnreachable):
        fetch_image(URL, limits=SMALL)


def test_an_encoding_that_lies(network: Network, limits: Limits) -> None:
    network.server.on("/a", response(b"no gzip at all", "Content-Encoding: gzip"))
    with pytest.raises(ImageCorrupt):
        fetch_image(URL, limits=limits)


SLOW: dict[str, Handler] = {
    "silence": dripping(b"", b"", 0.1),
    "status line": dripping(b"", b"H"),
    "headers": dripping(HEAD, b"A: b\r\n"),
    "one header": dripping(HEAD + b"A: ", b"b"),
    "body": dripping(HEAD + b"Content-Length: 1000\r\n\r\n", b"x"),
    "body without end": dripping(HEAD + b"\r\n", b"x"),
    "chunks": dripping(CHUNKED, b"1\r\nx\r\n"),
    "chunk size": dripping(CHUNKED + b"1;", b"x"),
    "stalled body": dripping(HEAD + b"Content-Length: 1000\r\n\r\nab", b"", 0.1),
    "gzip": dripping(
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: 1000\r\n\r\n\x1f\x8b\x08", b"\0"
    ),
}


@pytest.mark.parametrize("name", SLOW)
def test_slowness_is_cut_at_the_deadline(network: Network, name: str) -> None:
    network.server.on("/a", SLOW[name])
    with taking_at_most(2), pytest.raises(ImageUnreachable) as caught:
        fetch_image(URL, limits=HASTY)
    assert caught.value.retryable
    assert "0.4 s" in caught.value.detail


def test_a_slow_resolver_is_cut_at_the_deadline(network: Network) -> None:
    network.resolver_delay_seconds = 3
    with taking_at_most(2), pytest.raises(ImageUnreachable):
        fetch_image(URL, limits=HASTY)


def test_the_deadline_is_one_for_all_hops(network: Network) -> None:
    def slow_redirect(sock: socket.socket, _head: bytes) -> None:
        time.sleep(0.25)
        sock.sendall(redirect("/a"))

    network.server.on("/a", slow_redirect)
    with taking_at_most(2), pytest.raises(ImageUnreachable):
        fetch_image(URL, limits=HASTY)
    assert network.server.connections == 2


@pytest.mark.parametrize("make", [lambda: Limits(max_redirects=0)])
def test_limits_are_the_callers(network: Network, make: Callable[[], Limits]) -> None:
    network.server.on("/a", redirect("/b"))
    with pytest.raises(ImageNotServed):
        fetch_image(URL, limits=make())
    assert network.server.connections == 1
