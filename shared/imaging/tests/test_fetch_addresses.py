"""Allowed and forbidden addresses: the canary records every forbidden connection."""

import pytest
from network import Network, redirect, response
from test_urls import CLOSED, MALFORMED

from imaging import ForbiddenAddress, ImagingError, Limits, fetch_image

INSIDE = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.0.0.5",
    "172.31.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "169.254.170.2",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:0:7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "2001::1",
    "2001:20::1",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_resolves_to_the_inside_is_not_connected_to(
    network: Network, limits: Limits, address: str
) -> None:
    network.name("inside.test", address)
    with pytest.raises(ForbiddenAddress) as caught:
        fetch_image("http://inside.test/", limits=limits)
    assert network.canary.connections == 0
    assert address not in caught.value.detail


@pytest.mark.parametrize("url", [*CLOSED, *MALFORMED], ids=ascii)
def test_a_closed_address_is_not_connected_to(network: Network, limits: Limits, url: str) -> None:
    with pytest.raises(ForbiddenAddress):
        fetch_image(url, limits=limits)
    assert network.canary.connections == 0
    assert not network.lookups


@pytest.mark.parametrize("address", [*INSIDE, "localhost", "2130706433", "0177.1", "127.1"])
def test_a_redirect_to_the_inside_is_not_followed(
    network: Network, limits: Limits, address: str
) -> None:
    host = f"[{address}]" if ":" in address else address
    network.server.on("/a", redirect(f"http://{host}/secret"))
    with pytest.raises(ForbiddenAddress) as caught:
        fetch_image("http://images.test/a", limits=limits)
    assert network.canary.connections == 0
    assert address not in caught.value.detail


@pytest.mark.parametrize(
    "target",
    [
        "ftp://images.test/",
        "file:///etc/passwd",
        "gopher://images.test/",
        "data:image/png;base64,AAAA",
        "http://images.test:8080/",
        "http://user@images.test/",
        "//inside.test/",
        "http://[",
        "\\\\inside.test\\a",
    ],
)
def test_a_redirect_goes_through_the_same_rules(
    network: Network, limits: Limits, target: str
) -> None:
    network.name("inside.test", "10.0.0.5")
    network.server.on("/a", redirect(target))
    with pytest.raises(ImagingError) as caught:
        fetch_image("http://images.test/a", limits=limits)
    assert not caught.value.retryable
    assert network.canary.connections == 0
    assert network.server.connections == 1
    assert "inside" not in caught.value.detail


def test_dns_rebinding_has_no_effect(network: Network, limits: Limits) -> None:
    network.name("rebinding.test", "93.184.216.34", "127.0.0.1")
    network.server.on("/a", response(b"image"))
    assert fetch_image("http://rebinding.test/a", limits=limits) == b"image"
    assert network.lookups["rebinding.test"] == 1
    with pytest.raises(ForbiddenAddress):
        fetch_image("http://rebinding.test/a", limits=limits)
    assert network.canary.connections == 0


def test_each_hop_is_resolved_and_checked_again(network: Network, limits: Limits) -> None:
    network.name("rebinding.test", "93.184.216.34", "169.254.169.254")
    network.server.on("/a", redirect("/b"))
    with pytest.raises(ForbiddenAddress):
        fetch_image("http://rebinding.test/a", limits=limits)
    assert network.server.connections == 1
    assert network.canary.connections == 0


def test_the_canary_does_see_what_gets_through(network: Network, limits: Limits) -> None:
    network.canary.on("/a", response(b"inside"))
    network.name("inside.test", "10.0.0.5")
    allow = frozenset({"inside.test:8079"})
    assert fetch_image("http://inside.test:8079/a", limits=limits, allow=allow) == b"inside"
    assert network.canary.connections == 1


def test_only_the_admitted_port_is_open(network: Network, limits: Limits) -> None:
    network.server.on("/a", redirect("http://127.0.0.1:8080/"))
    allow = frozenset({"images.test:80", "127.0.0.1:8079"})
    with pytest.raises(ForbiddenAddress):
        fetch_image("http://images.test/a", limits=limits, allow=allow)
    assert network.canary.connections == 0


def test_the_environment_is_ignored(
    network: Network, limits: Limits, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{network.canary.port}")
    (netrc := tmp_path / "netrc").write_text("machine images.test login me password secret")  # type: ignore[operator]
    monkeypatch.setenv("NETRC", str(netrc))
    network.server.on("/a", response(b"image"))
    assert fetch_image("http://images.test/a", limits=limits) == b"image"
    assert network.canary.connections == 0
    assert b"Authorization" not in network.server.requests[0]
    assert b"Host: images.test\r\n" in network.server.requests[0]
