"""Resolve a Location header as browsers do (the URL Standard, WHATWG)."""

import re
from urllib.parse import quote, urljoin

# C0 controls and space are stripped at both ends, tabs and newlines (of folded headers) everywhere.
_AT_THE_ENDS = bytes(range(0x21)).decode("ascii")
_INSIDE = str.maketrans("", "", "\t\r\n")
_SLASHES = re.compile(r"^((?:https?:)?)//+", re.IGNORECASE)
_NO_HOST = re.compile(r"^(?:https?:)?//(?:[?#]|$)", re.IGNORECASE)
# Written as %XX: characters that no URL contains. "%" stays, since it is part of an escape.
_SAFE = "".join(map(chr, range(0x21, 0x7F)))


def redirect_target(base: str, location: bytes) -> str:
    """Return the URL that a response of ``base`` redirects to, unchecked.

    UTF-8 is taken as text, other bytes are escaped one by one; spaces are escaped, backslashes
    before the query become slashes. Raises ValueError for an invalid URL.
    """
    try:
        text = location.decode("utf-8")
    except UnicodeDecodeError:
        text = quote(location, safe=_SAFE)
    text = text.strip(_AT_THE_ENDS).translate(_INSIDE)
    end = re.search(r"[?#]", text)
    path_end = end.start() if end else len(text)
    text = text[:path_end].replace("\\", "/") + text[path_end:]
    text = re.sub(r"[\x00-\x20\x7f\\]", lambda found: quote(found[0], safe=""), text)
    text = _SLASHES.sub(r"\1//", text)
    if _NO_HOST.match(text):  # urljoin would take the base's
        message = "the target names no host"
        raise ValueError(message)
    return urljoin(base, text)
