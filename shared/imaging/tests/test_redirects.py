"""Location headers, and interim responses."""

import gzip

import pytest
from network import Network, response
from test_fetch import SMALL, URL, endless, taking_at_most

from imaging import (
    ImageNotServed,
    ImageTooLarge,
    ImageUnreachable,
    ImagingError,
    Limits,
    fetch_image,
)
from imaging.redirects import redirect_target

BASE = "http://images.test/album/a?b"

# As browsers resolve them (the URL Standard), written as they are then requested.
TARGETS: dict[str, tuple[bytes, str]] = {
    "space": (b"/my photo.jpg", "/my%20photo.jpg"),
    "trailing spaces": (b"/img.jpg  ", "/img.jpg"),
    "leading spaces": (b" \t /img.jpg", "/img.jpg"),
    "latin-1": (b"/caf\xe9.jpg", "/caf%E9.jpg"),
    "utf-8": ("/café.jpg".encode(), "/caf%C3%A9.jpg"),
    "escaped": (b"/caf%C3%A9%20.jpg", "/caf%C3%A9%20.jpg"),
    # Browsers keep it, urllib3 does not; servers read both alike.
    "no escape": (b"/100%.jpg", "/100%25.jpg"),
    "query": (b"/i?name=my photo\xe9", "/i?name=my%20photo%E9"),
    "relative": (b"b.jpg", "/album/b.jpg"),
    "upwards": (b"../b.jpg", "/b.jpg"),
    "far upwards": (b"../../../b.jpg", "/b.jpg"),
    "query alone": (b"?c", "/album/a?c"),
    "protocol-relative": (b"//images.test/b", "/b"),
    "absolute": (b"http://images.test/b", "/b"),
    "capitals": (b"HTTP://IMAGES.TEST/b", "/b"),
    "no path": (b"http://images.test", "/"),
    "fragment": (b"/b#face", "/b"),
    "fragment with a space": (b"/b#a face", "/b"),
    "backslash": (b"\\b\\c.jpg", "/b/c.jpg"),
    "backslash in the query": (b"/b?c\\d", "/b?c%5Cd"),
    "two backslashes": (b"\\\\images.test\\b", "/b"),
    "many slashes": (b"http:////images.test/b", "/b"),
    "three slashes": (b"///images.test/b", "/b"),
    "quotation marks": (b'/"b".jpg', "/%22b%22.jpg"),
    "control": (b"/a\x01b", "/a%01b"),
    "tab": (b"/a\tb", "/ab"),
}


@pytest.mark.parametrize("name", TARGETS)
def test_a_redirect_leads_where_browsers_go(network: Network, limits: Limits, name: str) -> None:
    location, path = TARGETS[name]
    start = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\nLocation: "
    network.server.on("/album/a?b", start + location + b"\r\n\r\n")
    network.server.on(path, response(b"image"))
    assert fetch_image(BASE, limits=limits) == b"image"


def test_a_folded_header_is_one_line(network: Network, limits: Limits) -> None:
    network.server.on(
        "/a", b"HTTP/1.1 302 Found\r\nLocation:\r\n /b.jpg\r\nContent-Length: 0\r\n\r\n"
    )
    network.server.on("/b.jpg", response(b"image"))
    assert fetch_image(URL, limits=limits) == b"image"


@pytest.mark.parametrize(
    "location",
    [b"/b\\\\..//x", b"http:/b", b"http:b", b"https:b", b"#", b"", b" ", b"?", b"//", b"\\\\"],
)
def test_a_strange_target_has_an_end(network: Network, limits: Limits, location: bytes) -> None:
    network.server.on("/a", b"HTTP/1.1 302 F\r\nLocation: " + location + b"\r\n\r\n")
    with pytest.raises(ImagingError) as caught:
        fetch_image(URL, limits=limits)
    assert not caught.value.retryable
    assert network.canary.connections == 0


@pytest.mark.parametrize(
    "location",
    [
        b"\\\\inside.test/a",
        b"/\\inside.test/a",
        b"\t//inside.test/a",
        b"/\t/inside.test/a",
        b"http:\\\\inside.test\\a",
        b"http:/\\/inside.test/a",
        b"  http://inside.test/a  ",
        b"http://images.test@inside.test/a",
        b"http://images.test\\@inside.test/a",
        b"http://inside.test\\@images.test/a",
        b"http://inside.test#@images.test/a",
        b"http://inside.test?@images.test/a",
        b"http://in\tside.test/a",
        b"http://127.0.0.1\x00.images.test/a",
        b"http://127.0.0.1%00.images.test/a",
        b"http://127.0.0.1 .images.test/a",
        b"http://images.test\xe9/a",
        b"http://images.test%2f@127.0.0.1/a",
        "http://①②⑦.0.0.1/a".encode(),
        "http://127。0。0。1/a".encode(),
        "http://inside。test/a".encode(),
        b"http://[::ffff:127.0.0.1]/a",
        b"http://[::1%25eth0]/a",
        b"http://images.test:80:8080/a",
        b"http://images.test:\xef\xbc\x98\xef\xbc\x90/a",
    ],
)
def test_no_spelling_of_a_redirect_leads_inside(
    network: Network, limits: Limits, location: bytes
) -> None:
    network.name("inside.test", "10.0.0.5")
    network.server.on("/a", b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\n\r\n")
    with pytest.raises(ImagingError):
        fetch_image(URL, limits=limits)
    assert network.canary.connections == 0


def test_two_locations_that_differ_are_refused(network: Network, limits: Limits) -> None:
    head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n"
    network.server.on("/a", head + b"Location: /b\r\nLocation: /c\r\n\r\n")
    network.server.on("/same", head + b"Location: /b\r\nLocation: /b\r\n\r\n")
    network.server.on("/b", response(b"image"))
    assert fetch_image("http://images.test/same", limits=limits) == b"image"
    with pytest.raises(ImageNotServed):
        fetch_image(URL, limits=limits)


@pytest.mark.parametrize(
    "location", [b"//", b"http://", b"http:////", b"\\\\?a", b"//#a", b"http://["]
)
def test_a_target_without_a_host_is_no_url(location: bytes) -> None:
    with pytest.raises(ValueError, match=r"host|IPv6"):
        redirect_target(BASE, location)


def test_https_is_kept_by_what_names_no_scheme() -> None:
    assert redirect_target("https://a.test/b", b"//c.test/d") == "https://c.test/d"
    assert redirect_target("https://a.test/b", b"\\\\c.test\\d") == "https://c.test/d"


HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
INTERIM = {
    "103": HINTS,
    "several": HINTS * 5,
    "100": b"HTTP/1.1 100 Continue\r\n\r\n",
    "102": b"HTTP/1.1 102 Processing\r\n\r\n" * 3,
    "unknown": b"HTTP/1.1 199 What\r\nContent-Length: 7\r\n\r\n",
    "mixed": b"HTTP/1.1 100 Continue\r\n\r\n" + HINTS + b"HTTP/1.1 102 P\r\n\r\n" + HINTS,
    "version 1.0": b"HTTP/1.0 103 Early Hints\r\n\r\n",
}


@pytest.mark.parametrize("name", INTERIM)
def test_interim_responses_are_passed_over(network: Network, limits: Limits, name: str) -> None:
    network.server.on("/a", INTERIM[name] + response(b"", "Location: /b", status="302 Found"))
    network.server.on("/b", INTERIM[name] + response(b"image"))
    network.server.on("/c", INTERIM[name] + response(b"", status="404 Not Found"))
    assert fetch_image(URL, limits=limits) == b"image"
    with pytest.raises(ImageNotServed, match="404"):
        fetch_image("http://images.test/c", limits=limits)


def test_a_switch_of_protocols_is_final(network: Network, limits: Limits) -> None:
    network.server.on("/a", b"HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\n" + response(b"x"))
    with pytest.raises(ImageNotServed, match="101"):
        fetch_image(URL, limits=limits)


@pytest.mark.parametrize(
    "flood", [HINTS, b"HTTP/1.1 100 C\r\n\r\n", b"HTTP/1.1 103 H\r\n" + b"A: b\r\n" * 90 + b"\r\n"]
)
def test_a_flood_of_interim_responses_is_cut(network: Network, flood: bytes) -> None:
    network.server.on("/a", endless(b"", flood * 100))
    with taking_at_most(2), pytest.raises((ImageUnreachable, ImageTooLarge)):
        fetch_image(URL, limits=SMALL)


def test_a_hundred_interim_responses_are_enough(network: Network, limits: Limits) -> None:
    network.server.on("/a", HINTS * 100 + response(b"image"))
    network.server.on("/b", HINTS * 101 + response(b"image"))
    assert fetch_image(URL, limits=limits) == b"image"
    with pytest.raises(ImageUnreachable):
        fetch_image("http://images.test/b", limits=limits)


def test_an_interim_response_without_another_is_no_image(network: Network, limits: Limits) -> None:
    network.server.on("/a", HINTS)
    with pytest.raises(ImageUnreachable) as caught:
        fetch_image(URL, limits=limits)
    assert caught.value.retryable


BODY = b"image" * 100
OLD = {
    "1.0 with a length": b"HTTP/1.0 200 OK\r\nContent-Length: 500\r\n\r\n" + BODY,
    "1.0 without a length": b"HTTP/1.0 200 OK\r\n\r\n" + BODY,
    "1.1 without a length": b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + BODY,
    "1.1 without anything": b"HTTP/1.1 200 OK\r\n\r\n" + BODY,
    "no reason": b"HTTP/1.1 200\r\nContent-Length: 500\r\n\r\n" + BODY,
    "bare newlines": b"HTTP/1.1 200 OK\nContent-Length: 500\n\n" + BODY,
    "longer than stated": b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + BODY + b"more",
    "gzip without a length": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    + gzip.compress(BODY),
    "gzip under its old name": b"HTTP/1.1 200 OK\r\nContent-Encoding: x-gzip\r\n\r\n"
    + gzip.compress(BODY),
    "an unknown encoding of nothing": b"HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\n\r\n"
    + BODY,
    "latin-1 in a header": b"HTTP/1.1 200 OK\r\nServer: caf\xe9\r\nContent-Length: 500\r\n\r\n"
    + BODY,
    "chunks with extensions and trailers": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b'1F4;a="b"\r\n' + BODY + b"\r\n0\r\nX: y\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("name", OLD)
def test_odd_but_sound_responses_are_read(network: Network, limits: Limits, name: str) -> None:
    network.server.on("/a", OLD[name])
    assert fetch_image(URL, limits=limits) == BODY
