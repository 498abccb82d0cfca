"""Checks of the options' values: the host, the image, levels, rates and times.

Each check takes a value from Locust, returns the value to use (an absolute path, a URL without its
last slash), and raises ValueError with one sentence. Standard library only.
"""

import math
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from benchmarks.workload.schedule import Schedule, parse_levels

# The first bytes of the formats that the contract accepts: JPEG, PNG, GIF, and WebP (whose length
# comes between).
_SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a")
_WEBP = (b"RIFF", b"WEBP")
_SIGNATURE_BYTES = 12


def base_url(text: str) -> str:
    """Return the URL without slashes at its end; it may have a path, which prefixes each call's.

    ValueError where it is no http or https URL, or has a query or a fragment.
    """
    url = _http(text, "as in http://127.0.0.1:8080")
    if url.query or url.fragment:
        raise ValueError(f"{text} has a query or a fragment, and a base URL ends with its path")
    return text.strip().rstrip("/")


def image_file(text: str) -> str:
    """Return the absolute path of the file, which a relative path names from the current folder."""
    path = Path(text).expanduser().absolute()
    try:
        with path.open("rb") as file:
            start = file.read(_SIGNATURE_BYTES)
    except OSError as error:
        raise ValueError(f"{path} can't be read ({error.strerror})") from error
    if not start.startswith(_SIGNATURES) and (start[:4], start[8:]) != _WEBP:
        raise ValueError(f"{path} is no JPEG, PNG, GIF or WebP image")
    return str(path)


def image_url(text: str) -> str:
    """Return the URL as it is; an empty one means that nothing is submitted by URL."""
    if text:
        _http(text, "as in https://example.org/image.jpg")
    return text


def above_zero(number: float) -> float:
    """Return the number if it is finite and above 0."""
    if not (math.isfinite(number) and number > 0):
        raise ValueError(f"must be a number above 0, not {number:g}")
    return number


def levels(text: str) -> str:
    """Return the levels as they are, if they are rising numbers of users."""
    Schedule.closed(parse_levels(text), 0.0, 1.0)
    return text


def anything(value: object) -> object:
    """Return the value: every value of the type is valid."""
    return value


def _http(text: str, example: str) -> SplitResult:
    try:
        url = urlsplit(text.strip())
        sound = url.scheme in {"http", "https"} and bool(url.hostname) and url.port != 0
    except ValueError:
        sound = False
    if not sound or any(character.isspace() for character in text.strip()):
        raise ValueError(f"{text!r} is no http or https URL, {example}")
    return url
