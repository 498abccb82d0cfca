"""The client's IP address and network."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

_IPV6_PREFIX = 64


def client_address(request: HttpRequest) -> str:
    """Return the client's IP address: the peer's, or X-Forwarded-For if the peer is the edge.

    The edge replaces X-Forwarded-For of clients; the header is ignored unless the peer is one of
    TRUSTED_PROXIES.
    """
    peer: str = request.META.get("REMOTE_ADDR", "")
    if not _trusted(peer):
        return peer
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    try:
        return str(ip_address(forwarded))
    except ValueError:
        return peer


def client_network(address: str) -> str:
    """Return the network under which attempts from an IP address are counted.

    For IPv4 that is the address itself. For IPv6 it is the /64, in which one client can choose any
    address. An IPv4-mapped address (::ffff:192.0.2.1) counts as the IPv4 address. Text that is no
    address is returned unchanged.
    """
    try:
        parsed: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(IPv6Network((int(parsed), _IPV6_PREFIX), strict=False))


def _trusted(peer: str) -> bool:
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return any(address in network for network in _networks(tuple(settings.TRUSTED_PROXIES)))


@lru_cache(maxsize=1)
def _networks(texts: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(text) for text in texts)
