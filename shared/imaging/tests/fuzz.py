# ruff: noqa: RUF001 - look-alikes are tested
"""Mutated images and URLs, and the invariants of each.

    python tests/fuzz.py --seconds 600 --seed 7

Every draw comes from a seed, so a failure is named by two numbers. Its input is written to
tests/fuzz_seeds, which the suite runs again from then on. Not coverage-guided: the decoders are
native code without instrumentation, so that what there would be to guide is a thin layer here.
"""

import argparse
import random
import re
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from ipaddress import ip_address
from itertools import count, takewhile
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image
from requests import Request
from urllib3.util import parse_url

from imaging import ImagingError, InvalidUrl, Limits, inspect_image, normalize_image
from imaging.redirects import redirect_target
from imaging.urls import check_url, is_open

SEEDS = Path(__file__).parent / "fuzz_seeds"
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
LIMITS = Limits(max_bytes=1_000_000, max_pixels=300_000)
MAX_SECONDS = 10.0  # CPU time of one input; usually milliseconds
_MAX_SAMPLE_BYTES = 40_000
_INTERESTING = (0, 1, 2, 0x7F, 0x80, 0xFE, 0xFF)
_TOKENS = (
    *(b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"eXIf", b"iTXt", b"acTL", b"fcTL", b"CgBI"),
    *(b"VP8 ", b"VP8L", b"VP8X", b"ANMF", b"ALPH", b"EXIF", b"RIFF", b"WEBP"),
    *(b"\xff\xd8", b"\xff\xd9", b"\xff\xda", b"\xff\xc0", b"\xff\xc2", b"\xff\xc4", b"\xff\xdb"),
    *(b"\xff\xe1", b"\xff\xee", b"\xff\xfe", b"Exif\0\0", b"II*\0", b"MM\0*", b"JFIF\0", b"Adobe"),
    *(b"GIF89a", b"\x21\xf9\x04", b"\x21\xfe", b"\x21\xff", b"\x2c", b"\x3b"),
    *(b"\0" * 64, b"\xff" * 64),
)


def samples() -> list[bytes]:
    """Return valid images to mutate: small fixtures, and tiny ones in every format and mode."""
    paths = sorted((FIXTURES / "images").iterdir()) + sorted((FIXTURES / "bad").iterdir())
    found = [path.read_bytes() for path in paths if path.stat().st_size < _MAX_SAMPLE_BYTES]
    with Image.open(FIXTURES / "load.jpg") as photograph:
        tiny = photograph.resize((33, 21))
    for kind, modes in {
        "JPEG": ("L", "RGB", "CMYK"),
        "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
        "WEBP": ("RGB", "RGBA"),
        "GIF": ("P", "L"),
    }.items():
        for mode in modes:
            for options in ({}, {"progressive": True, "lossless": True, "interlace": True}):
                buffer = BytesIO()
                tiny.convert("L" if mode == "I;16" else mode).save(buffer, kind, **options)
                found.append(buffer.getvalue())
    return found


def mutated(draw: random.Random, found: list[bytes]) -> bytes:
    """Return a sample with bytes changed, cut, doubled, moved, or crossed with another."""
    data = bytearray(draw.choice(found))
    for _ in range(draw.choice((1, 1, 2, 4, 16))):
        # Headers matter more than pixels.
        at = draw.randrange(min(len(data), draw.choice((64, 1024, 1_000_000))) + 1)
        length = draw.choice((1, 1, 2, 4, draw.randrange(1, 300)))
        match draw.randrange(8):
            case 0:
                data[at : at + 1] = bytes([draw.choice(_INTERESTING)])
            case 1:
                data[at : at + 1] = bytes([draw.randrange(256)])
            case 2:
                data[at : at + 4] = draw.randrange(1 << 32).to_bytes(
                    4, draw.choice(("big", "little"))
                )
            case 3:
                del data[at : at + length]
            case 4:
                data[at:at] = draw.choice(_TOKENS)
            case 5:
                data[at:at] = data[at : at + length]
            case 6:
                del data[at:]
            case _:
                other = draw.choice(found)
                cut = draw.randrange(len(other) + 1)
                data[at:] = other[cut:]
    return bytes(data)


def check_image(data: bytes) -> str:
    """Return the outcome of the image. Raises AssertionError, or an unexpected error."""
    begun = time.process_time()
    try:
        header = inspect_image(data, limits=LIMITS)
        image = normalize_image(data, limits=LIMITS)
    except ImagingError as error:
        if error.retryable:
            raise
        return error.code
    finally:
        spent = time.process_time() - begun
        assert spent < MAX_SECONDS, spent
    size = (image.width, image.height)
    assert sorted(size) == sorted((header.width, header.height))
    assert image.width * image.height <= LIMITS.max_pixels
    # The stored image can be read again.
    again = normalize_image(image.data, limits=Limits())
    assert (again.width, again.height, again.media_type) == (*size, image.media_type)
    return "read"


_PIECES = (
    *("http", "https", "HTTP", "ftp", "file", "javascript", "ws", ""),
    *("://", ":", ":/", ":///", ":\\\\", "//", "\\\\", "/\\"),
    *("images.test", "inside.test", "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.1"),
    *("[::1]", "[::ffff:7f00:1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[fe80::1%25eth0]"),
    *("169.254.169.254", "10.0.0.1", "8.8.8.8", "[2606:4700::1111]", "localhost", "a.localhost"),
    *(
        "１２７.0.0.1",
        "①②⑦.0.0.1",
        "127。0。0。1",
        "ｌocalhost",
        "bücher.test",
        "xn--bcher-kva.test",
    ),
    *("ß.test", "a\u00adb.test", "\u202e.test", "K.test", "faß。test", "0.0.0.0", "1.2.3.4.5"),
    *("@", "user@", "user:pw@", ":80", ":443", ":8080", ":080", ":", ":０８０", ".", "..", "%2e"),
    *(
        "/",
        "\\",
        "?",
        "#",
        "%00",
        "%0a",
        "%2f",
        "%5c",
        "%40",
        "\t",
        "\n",
        "\r",
        " ",
        "\x00",
        "\x7f",
    ),
    *("a", "é", "🦒", "/a/../b", ";", "&", "=", "[", "]", "|", "^", "<", ">", "\ud800"),
)


def drawn_url(draw: random.Random) -> str:
    """Return a URL made of elements that parsers disagree about."""
    text = "".join(draw.choice(_PIECES) for _ in range(draw.randrange(1, 7)))
    if draw.random() < 0.7:
        text = draw.choice(("http://", "https://", "http:\\\\")) + text
    return text


def check_text(url: str) -> str | None:
    """Return the URL as it is admitted, or None. Raises AssertionError.

    The parsers that come after check_url see the host that it saw.
    """
    try:
        admitted = check_url(url)
    except InvalidUrl:
        return None
    assert admitted.isascii()
    assert check_url(admitted) == admitted
    ours = urlsplit(admitted)
    sent = Request("GET", admitted).prepare().url or ""
    for other in (parse_url(admitted), parse_url(sent), urlsplit(sent)):
        assert other.scheme == ours.scheme
        assert (other.hostname or "").strip("[]") == ours.hostname
        assert other.port == ours.port
    assert ours.port in {None, 80, 443}
    assert "@" not in ours.netloc
    host = ours.hostname or ""
    if ":" in host or re.fullmatch(r"\d+|0x[0-9a-f]*", host.rsplit(".", 1)[-1]):
        assert is_open(ip_address(host))
    return admitted


def check_redirect(location: bytes) -> None:
    """Any Location becomes a text for check_url, or ValueError."""
    try:
        target = redirect_target("http://images.test/a/b?c", location)
    except ValueError:
        return
    check_text(target)


def run(seed: int) -> Iterator[tuple[str, str]]:
    """Draw and check one input after the other; yield kind and outcome of each."""
    found = samples()
    for number in count(1):
        draw = random.Random(f"{seed}-{number - 1}")
        kind = "image" if draw.random() < 0.5 else "address"
        if kind == "image":
            data = mutated(draw, found)
        else:
            url = drawn_url(draw)
            data = url.encode("utf-8", "surrogatepass")
        try:
            if kind == "image":
                outcome = check_image(data)
            else:
                check_redirect(data)
                outcome = "admitted" if check_text(url) else "refused"
        except BaseException:
            SEEDS.mkdir(exist_ok=True)
            (SEEDS / f"{kind}-{seed}-{number}").write_bytes(data)
            raise
        yield kind, outcome  # outside of the above: the end of a run is no failure of its input


def main() -> None:
    """Fuzz for a time and print the count of each outcome."""
    parser = argparse.ArgumentParser(description="Fuzz the decoder and the address check.")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    options = parser.parse_args()
    counts: dict[tuple[str, str], int] = {}
    end = time.monotonic() + options.seconds
    for outcome in takewhile(lambda _: time.monotonic() < end, run(options.seed)):
        counts[outcome] = counts.get(outcome, 0) + 1
    sys.stdout.write(f"seed {options.seed}: {counts}\n")


if __name__ == "__main__":
    main()
