"""What the text of an address shows, and which addresses of the network are open to us.

The address is taken apart once, judged, and put together anew from its parts in plain ASCII, so
that whatever parses it later sees what was judged here.
"""

import re
from collections.abc import Set as AbstractSet
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, quote, urlsplit

import idna

from imaging.errors import InvalidUrl

MAX_URL_CHARACTERS = 2048
_MAX_NAME_CHARACTERS = 253
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
# A name whose last label is a number is read as an IPv4 address by browsers and C libraries alike.
_ENDS_IN_NUMBER = re.compile(r"(^|\.)([0-9]+|0x[0-9a-f]*)$")
_BRACKETED = re.compile(r"\[[0-9A-Fa-f:.]+\](:[0-9]*)?")
_CONTROL_OR_SPACE = re.compile(r"[\x00-\x20\x7f\\]")
# Kept as they are in paths and queries; all else is written as %XX. "%" stays: it is already one.
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"
_QUERY_SAFE = _PATH_SAFE + "?[]"

# Not globally reachable, whatever the running Python's ipaddress says of them: ways to write an
# IPv4 address in an IPv6 one, and ranges that it learned late or calls global.
_CLOSED_NETWORKS = tuple(
    ip_network(text)
    for text in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "100.64.0.0/10",
        "::/96",
        "::ffff:0:0/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/23",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
)


def check_url(url: str, *, allow: AbstractSet[str] = frozenset()) -> str:
    """Judge an address by its text alone and return it in one plain spelling.

    Open are ``http`` and ``https`` on ports 80 and 443 to names and to globally routable literal
    addresses in their usual spelling. ``allow`` holds ``host:port`` texts that are admitted
    whatever host and port they are. Nothing is resolved. Raises InvalidAddress.
    """
    if len(url) > MAX_URL_CHARACTERS:
        raise InvalidUrl(f"The address has more than {MAX_URL_CHARACTERS} characters.")
    if _CONTROL_OR_SPACE.search(url):
        raise InvalidUrl("The address holds a space, a backslash or a control character.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidUrl("The address can't be read.") from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise InvalidUrl("The address must begin with http:// or https://.")
    if "@" in parts.netloc:
        raise InvalidUrl("The address must not name a user or a password.")
    host = _plain_host(parts)
    default_port = _DEFAULT_PORTS[parts.scheme]
    port = default_port if port is None else port
    if f"{host}:{port}" not in allow:
        _require_open(host, port)
    authority = host if port == default_port else f"{host}:{port}"
    path = _ascii(parts.path or "/", _PATH_SAFE)
    query = f"?{_ascii(parts.query, _QUERY_SAFE)}" if parts.query else ""
    return f"{parts.scheme}://{authority}{path}{query}"


def is_open(address: IPv4Address | IPv6Address) -> bool:
    """Whether the address is globally routable unicast, so that anybody could reach it."""
    return (
        address.is_global
        and not address.is_multicast
        and not any(address in network for network in _CLOSED_NETWORKS)
    )


def _plain_host(parts: SplitResult) -> str:
    """The host in lower-case ASCII: a name, or an address as it was spelled."""
    host = parts.hostname or ""
    if "[" in parts.netloc:
        if not _BRACKETED.fullmatch(parts.netloc):
            raise InvalidUrl("The address can't be read.")
        try:
            return f"[{IPv6Address(host).compressed}]"
        except ValueError:
            raise InvalidUrl("The address can't be read.") from None
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise InvalidUrl("The address's host is not a valid name.") from None
    host = host.removesuffix(".").lower()
    if len(host) > _MAX_NAME_CHARACTERS or not _HOST_NAME.fullmatch(host):
        raise InvalidUrl("The address's host is not a valid name.")
    return host


def _require_open(host: str, port: int) -> None:
    if port not in _DEFAULT_PORTS.values():
        raise InvalidUrl("The address must use port 80 or 443.")
    if host == "localhost" or host.endswith(".localhost"):
        raise InvalidUrl("The address is not open to this service.")
    if host.startswith("[") or _ENDS_IN_NUMBER.search(host):
        try:
            address = ip_address(host.strip("[]"))
        except ValueError:
            raise InvalidUrl("The address's host is a number in an unusual spelling.") from None
        if not is_open(address):
            raise InvalidUrl("The address is not open to this service.")


def _ascii(text: str, safe: str) -> str:
    try:
        return quote(text, safe=safe)
    except UnicodeEncodeError:
        raise InvalidUrl("The address can't be read.") from None
