"""Check URLs by their text, and IP addresses by their range.

A URL is parsed once, checked, and built again from its components in plain ASCII, so that any later
parser reads what was checked here.
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
# Unchanged in paths and queries; all else is written as %XX. "%" stays, as part of an escape.
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"
_QUERY_SAFE = _PATH_SAFE + "?[]"

# Not globally reachable, whatever Python's ipaddress module reports: IPv4 addresses embedded in
# IPv6, and ranges that the module added late or reports as global.
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
    """Check a URL by its text alone and return it in a normalized spelling.

    Allowed are ``http`` and ``https`` on ports 80 and 443 to host names and to globally routable IP
    addresses in their usual spelling, and the ``host:port`` texts in ``allow``. Resolves no name.
    Raises InvalidUrl.
    """
    if len(url) > MAX_URL_CHARACTERS:
        raise InvalidUrl(f"The URL has more than {MAX_URL_CHARACTERS} characters.")
    if _CONTROL_OR_SPACE.search(url):
        raise InvalidUrl("The URL contains a space, a backslash or a control character.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidUrl("The URL can't be parsed.") from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise InvalidUrl("The URL must begin with http:// or https://.")
    if "@" in parts.netloc:
        raise InvalidUrl("The URL must not contain a user or a password.")
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
    """Return whether the address is globally routable unicast."""
    return (
        address.is_global
        and not address.is_multicast
        and not any(address in network for network in _CLOSED_NETWORKS)
    )


def _plain_host(parts: SplitResult) -> str:
    """Return the host in lower-case ASCII: a name, or an IP address as it was spelled."""
    host = parts.hostname or ""
    if "[" in parts.netloc:
        if not _BRACKETED.fullmatch(parts.netloc):
            raise InvalidUrl("The URL can't be parsed.")
        try:
            return f"[{IPv6Address(host).compressed}]"
        except ValueError:
            raise InvalidUrl("The URL can't be parsed.") from None
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise InvalidUrl("The URL's host is not a valid name.") from None
    host = host.removesuffix(".").lower()
    if len(host) > _MAX_NAME_CHARACTERS or not _HOST_NAME.fullmatch(host):
        raise InvalidUrl("The URL's host is not a valid name.")
    return host


def _require_open(host: str, port: int) -> None:
    if port not in _DEFAULT_PORTS.values():
        raise InvalidUrl("The URL must use port 80 or 443.")
    if host == "localhost" or host.endswith(".localhost"):
        raise InvalidUrl("The URL's host is not allowed.")
    if host.startswith("[") or _ENDS_IN_NUMBER.search(host):
        try:
            address = ip_address(host.strip("[]"))
        except ValueError:
            raise InvalidUrl("The URL's host is a number in an unusual spelling.") from None
        if not is_open(address):
            raise InvalidUrl("The URL's host is not allowed.")


def _ascii(text: str, safe: str) -> str:
    try:
        return quote(text, safe=safe)
    except UnicodeEncodeError:
        raise InvalidUrl("The URL can't be parsed.") from None
