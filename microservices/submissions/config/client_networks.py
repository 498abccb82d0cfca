"""The network of a client, under which what it sends is counted."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_IPV6_PREFIX = 64


def client_network(address: str) -> str:
    """Return the network under which bodies from an IP address are counted.

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
