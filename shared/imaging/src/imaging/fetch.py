"""Fetch an image from an untrusted URL.

The host is resolved once for each hop, the resolved address checked, and the connection made to
that same address (requests-hardened), so DNS rebinding has no effect. Redirects are followed here,
each with the same checks. The environment (proxies, .netrc) is ignored, and bytes are counted as
received and again after a content encoding is decoded.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing
from http.client import HTTPException
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Request, RequestException, Response
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3.exceptions import DecodeError, HTTPError

from imaging.errors import (
    ForbiddenAddress,
    ImageCorrupt,
    ImageNotServed,
    ImageTooLarge,
    ImageUnreachable,
    InvalidUrl,
)
from imaging.limits import Limits
from imaging.redirects import redirect_target
from imaging.transport import Budget, BudgetAdapter, TooManyBytes
from imaging.urls import check_url, is_open

_HEADERS = {
    "Accept": "image/jpeg, image/png, image/webp, image/gif",
    "Accept-Encoding": "identity",
    "Connection": "close",
    "User-Agent": "flow-imaging",
}
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAY_HEAL = frozenset({408, 425, 429})
_CHUNK_BYTES = 64 * 1024
# Allowance beside the image: the headers of all responses, and the framing of chunks.
_HEADS_BYTES = 64 * 1024
_FRAMING_SHARE = 8


def fetch_image(url: str, *, limits: Limits, allow: AbstractSet[str] = frozenset()) -> bytes:
    """Return the bytes of a URL, unchecked.

    ``allow`` holds ``host:port`` texts that are fetched whatever address they resolve to. Raises
    ForbiddenAddress (the URL leads to an address that is not allowed), ImageUnreachable,
    ImageNotServed, ImageTooLarge, and ImageCorrupt (an invalid content encoding).
    """
    budget = Budget(
        timeout_seconds=limits.fetch_timeout_seconds,
        max_wire_bytes=limits.max_bytes + limits.max_bytes // _FRAMING_SHARE + _HEADS_BYTES,
    )
    try:
        return _follow(url, limits, allow, budget)
    except InvalidIPAddress:
        raise _forbidden() from None
    except TooManyBytes:
        raise _too_large(limits) from None
    except TimeoutError:
        raise _late(limits) from None
    except DecodeError:
        raise ImageCorrupt("The image's content encoding can't be decoded.") from None
    except (RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
        # http.client raises ValueError for a chunk of negative size. No text is quoted: it could
        # contain internal addresses.
        try:
            budget.seconds_left()
        except TimeoutError:
            raise _late(limits) from error
        raise ImageUnreachable("The image's server can't be reached.") from error


def _follow(url: str, limits: Limits, allow: AbstractSet[str], budget: Budget) -> bytes:
    hop = _judged(url, allow)
    for _ in range(limits.max_redirects + 1):
        with closing(_get(hop, allow, budget)) as response:
            if response.status_code in _REDIRECTS and "Location" in response.headers:
                # Not response.headers, which joins several by commas.
                hop = _next_hop(hop, response.raw.headers.getlist("Location"), allow)
                continue
            if response.status_code != 200:  # noqa: PLR2004 - the status of an image
                raise _refusal(response.status_code)
            return _body(response, limits, budget)
    raise ImageNotServed(f"The URL redirects more than {limits.max_redirects} times.")


def _judged(url: str, allow: AbstractSet[str]) -> str:
    try:
        return check_url(url, allow=allow)
    except InvalidUrl as error:
        # InvalidUrl is for the URL of the request; this one may come from a redirect.
        raise ForbiddenAddress(error.detail) from None


def _next_hop(hop: str, locations: Sequence[str], allow: AbstractSet[str]) -> str:
    if len(set(locations)) > 1:
        raise ImageNotServed("The URL redirects to more than one URL.")
    try:
        target = redirect_target(hop, locations[0].encode("latin-1"))
    except ValueError:
        raise ImageNotServed("The URL redirects to an invalid URL.") from None
    if hop.startswith("https:") and urlsplit(target).scheme == "http":
        raise ForbiddenAddress("The URL redirects from https to http.")
    try:
        return check_url(target, allow=allow)
    except InvalidUrl:
        # The target is from the server, not from the client: it is not quoted.
        raise _forbidden() from None


def _get(url: str, allow: AbstractSet[str], budget: Budget) -> Response:
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    adapter = (
        BudgetAdapter(budget)
        if f"{host}:{port}" in allow
        else _OpenAddressesAdapter(budget, is_https_proto=parts.scheme == "https")
    )
    request = Request("GET", url, headers=_HEADERS).prepare()
    left = budget.seconds_left()
    return adapter.send(request, stream=True, timeout=(left, left), verify=True, proxies={})


class _OpenAddressesAdapter(BudgetAdapter, IPFilterAdapter):
    """Pins the resolved address, and connects only to globally routable ones."""

    def build_connection_pool_key_attributes(
        self, request: PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[Any, Any]:
        # This call resolves the host.
        host_params, pool_options = self._budget.call(
            super().build_connection_pool_key_attributes, request, verify, cert
        )
        # The library's own filter admits some ranges that are not globally routable.
        if not is_open(ip_address(host_params["host"].strip("[]"))):
            raise _forbidden()
        return host_params, pool_options


def _body(response: Response, limits: Limits, budget: Budget) -> bytes:
    if _stated_bytes(response.headers) > limits.max_bytes:
        raise _too_large(limits)
    body = bytearray()
    for chunk in response.raw.stream(_CHUNK_BYTES, decode_content=True):
        budget.seconds_left()
        body += chunk
        if len(body) > limits.max_bytes:
            raise _too_large(limits)
    return bytes(body)


def _stated_bytes(headers: Mapping[str, str]) -> int:
    stated = headers.get("Content-Length", "")
    return int(stated) if stated.isascii() and stated.isdigit() else 0


def _refusal(status: int) -> ImageUnreachable:
    may_heal = status in _MAY_HEAL or status >= 500  # noqa: PLR2004 - the server's own errors
    kind = ImageUnreachable if may_heal else ImageNotServed
    return kind(f"The image's server responded with {status}.")


def _forbidden() -> ForbiddenAddress:
    return ForbiddenAddress("The URL leads to an address that is not allowed.")


def _too_large(limits: Limits) -> ImageTooLarge:
    return ImageTooLarge(f"The image has more than {limits.max_bytes} bytes.")


def _late(limits: Limits) -> ImageUnreachable:
    return ImageUnreachable(f"The image took longer than {limits.fetch_timeout_seconds:g} s.")
