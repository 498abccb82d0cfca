"""The fetch over TLS: certificates are checked by name with a pinned address; the deadline."""

import socket
import ssl
import time
from collections.abc import Iterator

import pytest
import requests.adapters
import trustme
from network import Network, Server, redirect, response
from test_fetch import CHUNKED, HASTY, dripping, taking_at_most

from imaging import ForbiddenAddress, ImageUnreachable, Limits, fetch_image

URL = "https://images.test/a"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls(
    network: Network, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> Iterator[Server]:
    """Yield the server of ``https://images.test/``, whose authority is trusted."""
    bundle = f"{tmp_path}/authority.pem"
    authority.cert_pem.write_to_path(bundle)
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", bundle)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("images.test").configure_cert(context)
    server = Server(lambda sock: context.wrap_socket(sock, server_side=True))
    network.route("93.184.216.34", server, 443)
    yield server
    server.close()


def test_the_certificate_is_checked_against_the_name(
    network: Network, tls: Server, limits: Limits
) -> None:
    tls.on("/a", response(b"image"))
    assert fetch_image(URL, limits=limits) == b"image"
    network.name("other.test", "93.184.216.34")
    with pytest.raises(ImageUnreachable):
        fetch_image("https://other.test/a", limits=limits)
    assert len(tls.requests) == 1


def test_an_unknown_authority_is_not_trusted(
    network: Network, tls: Server, limits: Limits, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    bundle = f"{tmp_path}/another.pem"
    trustme.CA().cert_pem.write_to_path(bundle)
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", bundle)
    with pytest.raises(ImageUnreachable):
        fetch_image(URL, limits=limits)
    assert not tls.requests


def test_https_does_not_become_http(network: Network, tls: Server, limits: Limits) -> None:
    tls.on("/a", redirect("http://images.test/b"))
    tls.on("/relative", redirect("/c"))
    tls.on("/c", response(b"image"))
    network.server.on("/b", response(b"image"))
    with pytest.raises(ForbiddenAddress):
        fetch_image(URL, limits=limits)
    assert network.server.connections == 0
    assert fetch_image("https://images.test/relative", limits=limits) == b"image"


def test_http_may_become_https(network: Network, tls: Server, limits: Limits) -> None:
    network.server.on("/a", redirect(URL))
    tls.on("/a", response(b"image"))
    assert fetch_image("http://images.test/a", limits=limits) == b"image"


def test_slowness_is_cut_at_the_deadline(network: Network, tls: Server) -> None:
    tls.on("/a", dripping(CHUNKED, b"1\r\nx\r\n"))
    with taking_at_most(2), pytest.raises(ImageUnreachable):
        fetch_image(URL, limits=HASTY)


def test_a_handshake_without_end_is_cut_at_the_deadline(network: Network) -> None:
    def stall(sock: socket.socket) -> socket.socket:
        time.sleep(5)
        return sock

    server = Server(stall)
    network.route("93.184.216.34", server, 443)
    # Connecting and the handshake share the time that resolving has left.
    network.resolver_delay_seconds = 1
    with taking_at_most(1.8), pytest.raises(ImageUnreachable):
        fetch_image(URL, limits=Limits(fetch_timeout_seconds=1.2))
    server.close()
